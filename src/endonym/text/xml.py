"""XML from strangers: parsed without entities, DTDs, a network, or trees that outgrow their file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from endonym.core.errors import PackError

if TYPE_CHECKING:
    from lxml.etree import _Element

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def parse_xml(data: bytes, origin: str) -> _Element:
    """The root element of a document; comments and processing instructions are left out.

    Raises:
        PackError: It is not well-formed, or brings a DTD, with which a few lines can grow without end or read other files.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
                             remove_comments=True, remove_pis=True)  # fmt: skip
    if not data.strip():
        raise PackError("expected XML, found an empty file", origin=origin, remedy="Get the document again.")
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!ENTITY" in data or b"<!DOCTYPE" in data:
            raise _has_dtd(origin) from None
        line = getattr(error, "lineno", None)
        raise PackError(f"expected well-formed XML, found a fault: {_reason(error)}", origin=f"{origin}:{line}" if line else origin,
                        remedy="Get the document again, or correct this line.") from None  # fmt: skip
    if root.getroottree().docinfo.internalDTD is not None:
        raise _has_dtd(origin)
    return root


def local_name(element: _Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _has_dtd(origin: str) -> PackError:
    return PackError("expected XML without a document type, found <!DOCTYPE or <!ENTITY", origin=origin,
                     remedy="Remove the declaration: a few entities can grow without end or read other files.")  # fmt: skip


def _reason(error: Exception) -> str:
    return re.sub(r", line \d+, column \d+.*", "", str(error).splitlines()[0] if str(error) else type(error).__name__)
