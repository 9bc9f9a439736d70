"""The command line within this process, in a folder of its own: what is loaded once need not be loaded for every command."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from endonym.cli.main import command
from endonym.core.errors import EndonymError


def inside(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> tuple[int, str]:
    """(exit code, what was printed), without an embedder. An error of the product has code 1 here, and its message is printed."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ENDONYM_EMBEDDER", "none")
    done = CliRunner().invoke(command, arguments)
    if isinstance(done.exception, EndonymError):
        return 1, f"{done.output}{done.exception}"
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output
