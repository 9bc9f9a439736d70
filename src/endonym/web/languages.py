"""Names and writing directions of languages. Source: CLDR through Babel."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=4096)
def language_name(language: str, reader: str) -> str:
    """The name of `language` for a reader of `reader`; the code where CLDR knows none."""
    try:
        return Locale.parse(language, sep="-").get_language_name(Locale.parse(reader, sep="-")) or language
    except (UnknownLocaleError, ValueError):
        return language


def own_name(language: str) -> str:
    """A language's name in itself, with a capital letter as for a list."""
    name = language_name(language, language)
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=1024)
def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    try:
        return str(Locale.parse(language, sep="-").text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"
