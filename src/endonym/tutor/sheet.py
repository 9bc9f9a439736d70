"""The sheet with a class's names and codes: shown once, to be printed and cut up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from endonym.store.classes import spaced
from endonym.store.rosters import Brought
from endonym.tutor.pages import templates
from endonym.tutor.style import STYLE
from endonym.web.languages import direction


def sheets(brought: Sequence[Brought]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(class, (name, code or "")) of the classes in which somebody got a code."""
    return [(group.name, [(one.name, spaced(one.code)) for one in group.students]) for group in brought if any(one.code for one in group.students)]


def sheet_page(brought: Sequence[Brought], school: str, address: str, language: str, text: Callable[..., str]) -> str:
    """A page that needs nothing else, to be printed. Args: address: Where codes are entered."""
    return alone("sheet_alone.html", language, text, title=text("roster-title"), school=school, sheets=sheets(brought), address=address)


def alone(template: str, language: str, text: Callable[..., str], /, **values: object) -> str:
    """A page with its styles inside. Args: text: Finds interface strings of `language`."""
    return templates.get_template(template).render(language=language, direction=direction(language), t=text, style=STYLE, **values)
