"""Forms with one file, which stays in memory: nothing of it is written to a disk, and what is too large is let go while it comes."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

_MOST_BODY = 64_000_000
_MOST_WORDS = 8_000_000
"""A larger body, with a file and without one, is not even read to its end."""
_MOST_FIELDS = 30
_MOST_FIELD = 200_000


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent.

    Attributes:
        name: Of the file, "" where none was chosen.
        file: What it holds, or nothing where it was too large.
        large: It was too large.
    """

    form: FormData
    name: str = ""
    file: bytes = b""
    large: bool = False

    @property
    def chosen(self) -> bool:
        return bool(self.name or self.file or self.large)


async def sent_form(request: Request, field: str, most: int, longest: int = _MOST_FIELD) -> Sent:
    """A form, with the file of one field, of at most `most` bytes. Args: longest: Bytes of any other field.

    Raises:
        HTTPException: It is no form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return Sent(FormData())
    parser: _InMemory | FormParser = _InMemory(request, most, longest) if kind == "multipart/form-data" else FormParser(
        request.headers, _bounded(request, _MOST_WORDS), max_fields=_MOST_FIELDS, max_part_size=longest)  # fmt: skip
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise HTTPException(400, error.message) from None
    found = form.get(field)
    if not isinstance(found, UploadFile) or not isinstance(parser, _InMemory):
        return Sent(form)
    return Sent(form, (found.filename or "")[:200], b"" if parser.over else await found.read(), parser.over)


class _InMemory(MultiPartParser):
    def __init__(self, request: Request, most: int, longest: int) -> None:
        super().__init__(request.headers, _bounded(request, _MOST_BODY), max_files=1, max_fields=_MOST_FIELDS, max_part_size=longest)
        self.spool_max_size = most + 1  # a larger one would be spooled to a disk
        self.over = False
        self._most = most
        self._held = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is not None:
            self._held += end - start
            self.over = self.over or self._held > self._most
        if not self.over or self._current_part.file is None:
            super().on_part_data(data, start, end)


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    found = 0
    async for chunk in request.stream():
        found += len(chunk)
        if found > most:
            raise MultiPartException("What was sent is far too large.")
        yield chunk
