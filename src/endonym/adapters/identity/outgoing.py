"""What goes out to other organisations: encrypted, bounded in time, and to the address that was named, wherever that points."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests

from endonym.core.errors import IdentityError

_SECONDS = 10
_MOST_BYTES = 4_000_000
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", re.ASCII)


def encrypted(address: str) -> bool:
    """Whether an address is https, or of this machine, with nothing in its host that a header could be broken out of with."""
    parts = urlsplit(address)
    if not _HOST.fullmatch(parts.netloc):
        return False
    if parts.scheme == "https" and parts.hostname:
        return True
    try:
        return parts.scheme == "http" and (parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback)
    except ValueError:
        return False


class Outgoing(requests.Session):
    """A session for one errand."""

    def __init__(self) -> None:
        super().__init__()
        self.headers["User-Agent"] = "Endonym"

    def request(self, method: str, url: str | bytes, *arguments: Any, **options: Any) -> requests.Response:
        """Raises: IdentityError: It is not answered, not encrypted, or leads elsewhere."""
        address = url if isinstance(url, str) else url.decode("latin-1")
        if not encrypted(address):
            raise IdentityError(f"expected an https address, found {address[:200]!r}", "unreachable")
        options["timeout"], options["allow_redirects"] = _SECONDS, False
        try:
            response = super().request(method, url, *arguments, **options)
        except requests.RequestException as error:
            raise IdentityError(f"{address[:200]} does not answer: {type(error).__name__}", "unreachable") from None
        if response.is_redirect or len(response.content) > _MOST_BYTES:
            raise IdentityError(f"expected an answer of {address[:200]}, found a redirect or more than {_MOST_BYTES} bytes", "unreachable")
        return response

    def json_of(self, address: str) -> dict[str, Any]:
        """The object at an address. Raises: IdentityError: There is none."""
        response = self.get(address)
        try:
            found = response.json() if response.ok else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise IdentityError(f"expected JSON of {address[:200]}, found status {response.status_code}", "unreachable")
        return found
