"""Find personal data in text: national identifiers, phones, e-mail, IBAN, payment cards, addresses of the net, what of a
link is personal, and dates of birth.

Candidates are found by cheap patterns and kept only when a checksum, a plan or the words beside them confirm them. A number
that stands in an equation (`x = 38001085718`) is mathematics and stays, unless a word says whose it is. Digits of any script
count. Every pattern is bounded, so time grows with the length of the text, whatever is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from endonym.privacy.births import births
from endonym.privacy.layout import Page
from endonym.privacy.net import addresses, emails, links, personal_parts
from endonym.privacy.numbers import numbers
from endonym.privacy.plain import plain
from endonym.privacy.spans import Apart

_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,9}>")
"""A tag of HTML parts what stands around it, as a cell's edge does."""
_WORD = re.compile(r"[^\W\d_]{2}")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Found:
    """One item; `kind` is email, iban, card, identifier, phone, ip, link or birth; `start` and `end` are offsets in characters. The text itself is kept out of `repr` and of logs."""

    kind: str
    start: int
    end: int
    text: str = field(repr=False)


def find(
    text: str, phone_region: str = "", identifiers: Sequence[str] = (), *, known: Sequence[tuple[int, int]] = (), asked: str = ""
) -> tuple[Found, ...]:
    """Personal data in `text`, in order and without overlaps.

    Args:
        phone_region: ISO 3166-1 code for numbers written without a country code; "" finds only those with one.
        identifiers: Plans such as `ee.ik`; unknown ones are passed over (the checker reports them).
        known: Where other personal data stand in the text, such as a pupil's name.
        asked: The end of the message before, which the text may answer.
    """
    written = plain(text)
    if "</" in written:
        written = _TAG.sub(lambda tag: "|".ljust(len(tag.group())), written)
    if " / " in written:
        written = "\n".join(line.replace(" / ", " | ") if _is_row(line) else line for line in written.split("\n"))
    digits = _DIGIT.search(written) is not None
    if not digits and "@" not in written and "/" not in written and "www." not in written:
        return ()
    # The surest kinds come first.
    spans = Apart(_candidates(written, phone_region, identifiers, known, asked, digits=digits))
    return tuple(Found(kind, start, end, text[start:end]) for kind, start, end in spans)


def _is_row(line: str) -> bool:
    """Whether slashes part names and numbers and divide nothing."""
    return line.count(" / ") > 1 and "=" not in line and _WORD.search(line) is not None


def _candidates(
    text: str, phone_region: str, identifiers: Sequence[str], known: Sequence[tuple[int, int]], asked: str, *, digits: bool
) -> Iterator[tuple[str, int, int]]:
    held = links(text)
    for span in held:
        for start, end in personal_parts(text, *span):
            yield "link", start, end
    mail = list(emails(text))
    for start, end in mail:
        yield "email", start, end
    if not digits:
        return
    for start, end in addresses(text):
        yield "ip", start, end
    page = Page(text, asked)
    given = numbers(page, phone_region, identifiers, held, disclosed=bool(known or mail))
    yield from given
    for start, end in births(page, held, sorted((*known, *mail, *((start, end) for _, start, end in given)))):
        yield "birth", start, end
