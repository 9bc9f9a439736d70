"""Images in a request: pictures that it holds itself, for audiences whose images the operator lets through. No address is ever fetched."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from typing import Any

from endonym.core.errors import RequestError
from endonym.privacy.images import picture
from endonym.seams.turn import Image

PARTS = ("image_url", "input_image")
MOST_IMAGES = 4
MOST_BYTES = 1_000_000
_DATA = re.compile(r"data:image/(?:png|jpe?g|webp);base64,", re.IGNORECASE)


def read_image(value: Any, where: str) -> Image:
    """The picture of a part's `image_url`, without what its file says beside it.

    Raises:
        RequestError: It is an address, no picture, or too large.
    """
    url = value.get("url") if isinstance(value, dict) else value
    head = _DATA.match(url) if isinstance(url, str) else None
    if head is None or not isinstance(url, str):
        raise RequestError("expected a picture as data:image/png;base64,… (or jpeg, webp), found something else", param=where,
                           remedy="Send the picture itself: no address is fetched from here.")  # fmt: skip
    if len(url) - head.end() > MOST_BYTES * 4 // 3 + 4:
        raise RequestError(f"expected a picture of at most {MOST_BYTES:,} bytes, found a larger one", param=where, remedy="Send a smaller one.")
    try:
        return picture(b64decode(url[head.end() :], validate=True))
    except binascii.Error:
        raise RequestError("expected base64, found something else", param=where, remedy="Encode the picture again.") from None
    except ValueError as error:
        raise RequestError(str(error), param=where, remedy="Send a whole PNG, JPEG or still WebP.") from None
