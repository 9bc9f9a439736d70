"""Shares of the break-glass key, as their holders give them: typed unseen, or from files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from endonym.store.split import SplitKey

option = click.option("--share", "shares", type=click.Path(path_type=Path, exists=True, dir_okay=False), multiple=True,
                      help="File with the words of a share; give two (default: each holder types theirs, unseen).")  # fmt: skip


def ask(files: Sequence[Path]) -> SplitKey:
    """The key of two shares.

    Raises:
        StoreError: They are not two shares of one key.
    """
    from endonym.store.split import NEEDED, joined

    if files:
        return joined([path.read_text("utf-8", errors="replace") for path in files])
    return joined([_typed(number) for number in range(1, NEEDED + 1)])


def _typed(number: int) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(f"Share of holder {number}, 20 words", hide_input=True, err=True))
    return sys.stdin.readline()
