"""Wordings that rules look for, per language, in `words/<language>.toml`.

What a wording means is for people to judge: a rule that rests on one says so (`standing="judged"`).
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

from endonym.text.fold import strip_marks

# Letters of Cyrillic and Greek that look like Latin ones, as far as they serve to hide a word.
_LETTERS_ALIKE = "асеіјорԛѕухԁһӏвнкмтгοανιρ"
_ALIKE = str.maketrans(_LETTERS_ALIKE, "aceijopqsuxdhlbhkmtroavip")
_LOOKS_LATIN = re.compile(f"[{_LETTERS_ALIKE}]")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .·_-]){4,}\w(?!\w)")
_SPREAD = re.compile(r"[ .·_-]\w[ .·_-]\w[ .·_-]")
"""What `_SPACED` cannot do without, found at a third of the time."""
_NOT_WORD = re.compile(r"[^\w\s:,،]+")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=64)
def _wording(name: str, *, latin: bool) -> re.Pattern[str]:
    """One expression for the wordings of `name`, those in plain Latin letters or the others; it matches where a word begins."""
    found = [part for words in _words() for part in words.get(name, ()) if part.isascii() == latin]
    return re.compile(rf"\b(?:{'|'.join(found) or '(?!)'})")


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, list[str]], ...]:
    """The wordings of each language by name, without case and marks."""
    files = sorted(resources.files("endonym.check").joinpath("words").iterdir(), key=lambda entry: entry.name)
    tables = [tomllib.loads(file.read_text("utf-8")) for file in files if file.name.endswith(".toml")]
    return tuple({name: [strip_marks(part) for part in parts] for name, parts in table.items()} for table in tables)


def plain(text: str) -> str:
    """A text as wordings are matched in it: no case, marks or punctuation but `:` and commas, single spaces."""
    return plain_folded(strip_marks(text))


def plain_folded(folded: str) -> str:
    """As `plain`, of a text that `strip_marks` was applied to."""
    return _SPACES.sub(" ", _NOT_WORD.sub(" ", folded))


def disguised(folded: str) -> bool:
    """Whether a text that `strip_marks` was applied to holds spaced-out words or letters that look like Latin ones."""
    return (_SPREAD.search(folded) and _SPACED.search(folded)) is not None or _LOOKS_LATIN.search(folded) is not None


def undisguised(folded: str) -> str:
    """`plain` of a text that `strip_marks` was applied to, spaced-out words joined and look-alike letters made Latin."""
    joined = _SPACED.sub(lambda match: re.sub(r"[ .·_-]", "", match.group()), folded)
    return plain(joined.translate(_ALIKE))


def says(name: str, text: str) -> str:
    """The first wording of `name` in `text`, or ""."""
    return says_plainly(name, plain(text))


def says_plainly(name: str, plain_text: str) -> str:
    """As `says`, of a text that `plain` was applied to."""
    match = _wording(name, latin=True).search(plain_text)
    if match is None and not plain_text.isascii():
        match = _wording(name, latin=False).search(plain_text)
    return match.group().strip() if match else ""


_SENTENCE = re.compile(r"[.!?;\n…؟]+")
_NEGATION = re.compile(
    r"\b(?:not|never|no|nor|without|cannot|can t|don t|doesn t|forbidden|ei|ara|arge|mitte|kunagi|ilma|keelatud|не|ни|никогда|нельзя|без|запрещ\w*|لا|لم|لن|ليس|دون|بدون|عدم|يحظر|емес|жоқ|\w+(?:ма|ме|ба|бе|па|пе)(?:ңыз|ңіз)?)\b"
)


def without_negation(text: str) -> str:
    """The sentences of `text` that deny or forbid nothing: "do not grade" asks for no grading."""
    return ". ".join(part for part in _SENTENCE.split(text) if not _NEGATION.search(plain(part)))
