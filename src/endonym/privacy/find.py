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
from endonym.privacy.net import addresses, emails, links, personal_parts
from endonym.privacy.numbers import numbers
from endonym.privacy.plain import plain
from endonym.privacy.spans import Apart

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Found:
    """One item; `kind` is email, iban, card, identifier, phone, ip, link or birth; `start` and `end` are offsets in characters. The text itself is kept out of `repr` and of logs."""

    kind: str
    start: int
    end: int
    text: str = field(repr=False)


def find(text: str, phone_region: str = "", identifiers: Sequence[str] = (), *, disclosed: bool = False) -> tuple[Found, ...]:
    """Personal data in `text`, in order and without overlaps.

    Args:
        phone_region: ISO 3166-1 code for numbers written without a country code; "" finds only those with one.
        identifiers: Plans such as `ee.ik`; unknown ones are passed over (the checker reports them).
        disclosed: The text is known to hold other personal data, such as a pupil's name.
    """
    written = plain(text)
    digits = _DIGIT.search(written) is not None
    if not digits and "@" not in written and "/" not in written and "www." not in written:
        return ()
    # The surest kinds come first.
    spans = Apart(_candidates(written, phone_region, identifiers, digits=digits, disclosed=disclosed))
    return tuple(Found(kind, start, end, text[start:end]) for kind, start, end in spans)


def _candidates(
    text: str, phone_region: str, identifiers: Sequence[str], *, digits: bool, disclosed: bool
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
    given = list(numbers(text, phone_region, identifiers, held, disclosed=disclosed or bool(mail)))
    yield from given
    for start, end in births(text, held, sorted((*mail, *((start, end) for _, start, end in given)))):
        yield "birth", start, end
