"""Progress of long work on standard error: one line rewritten on a terminal, few lines elsewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import click

_COUNT = re.compile(r"(.*): (\d+) of (\d+) ")


def progress(*, quiet_off_terminal: bool = False) -> Callable[[str], None]:
    """A function that shows notes such as "indexing x: 16 of 636 texts".

    Args:
        quiet_off_terminal: Print nothing where standard error is no terminal, for commands whose output is read by programs.
    """
    if sys.stderr.isatty():
        return _rewriting()
    return (lambda note: None) if quiet_off_terminal else _sparse()


def _rewriting() -> Callable[[str], None]:
    def show(note: str) -> None:
        counted = _COUNT.match(note)
        done = counted is None or counted[2] == counted[3]
        click.echo(f"\r\033[K  {note}", err=True, nl=done)

    return show


def _sparse() -> Callable[[str], None]:
    quarters: dict[str, int] = {}

    def show(note: str) -> None:
        counted = _COUNT.match(note)
        if counted:
            quarter = 4 * int(counted[2]) // max(int(counted[3]), 1)
            if quarter <= quarters.get(counted[1], 0):
                return
            quarters[counted[1]] = quarter
        click.echo(f"  {note}", err=True)

    return show
