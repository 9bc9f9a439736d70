"""Packs read, checked and compiled: what writers of packs need, without the parts that serve."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from endonym.bundle import compile_stack
from endonym.check import CheckReport, check
from endonym.core.cache import cache_folder
from endonym.core.clock import today
from endonym.core.diagnostics import Diagnostic
from endonym.core.memory import Memory
from endonym.pack.lock import Locked
from endonym.pack.spec_effects import over
from endonym.pack.stack import PackStack, load_stack
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Reader
from endonym.spec import Spec, base_spec
from endonym.wiring.plugins import load_plugin, load_plugins
from endonym.wiring.registry import Progress, locked_pack
from endonym.wiring.settings import Settings, read_settings

READERS = ("markdown", "html", "pdf", "docx", "epub", "akoma_ntoso", "table", "text")


def readers() -> tuple[Reader, ...]:
    """A reader for each kind of document; each imports its library when it reads a document, not before."""
    remembered = load_plugin("endonym.readers", "remembered")
    return tuple(remembered(reader(), cache_folder() / "documents") for reader in load_plugins("endonym.readers", READERS))


@cache
def language_tools() -> LanguageTools:
    """One for the process: dictionaries and models are loaded once, and what they said of a word is remembered."""
    tools: LanguageTools = load_plugin("endonym.languages", "simplemma")()
    return tools


def remembered_tools() -> tuple[LanguageTools, Callable[[], None]]:
    """(language tools whose answers are kept between runs in the user's cache folder, what writes them down)."""
    tools = language_tools()
    versions = " ".join(version(name) for name in ("endonym", "simplemma", "py3langid"))
    kept = load_plugin("endonym.languages", "remembered")(tools, versions, cache_folder())
    return kept, kept.save


def read_stack(folder: Path, settings: Settings | None = None, progress: Progress = lambda _: None,
               memory: Memory | None = None) -> PackStack:  # fmt: skip
    """The stack of the pack in `folder`; packs that its lock takes from the registry come from the cache under `state`.

    Args:
        settings: Read from the surroundings where None, and only when a pack of the registry is needed.
    """
    def find(entry: Locked) -> Path:
        return locked_pack(entry, settings or read_settings(), progress)

    return load_stack(folder, base_spec(), readers(), find, memory, progress)


class Checker:
    """Checks packs, again and again: what has not changed since the last time is neither read nor judged anew.

    Args:
        as_of: The day by which dates are judged.
    """

    def __init__(self, as_of: date, progress: Progress = lambda _: None) -> None:
        self.as_of = as_of
        self._progress = progress
        self._tools, self._save = remembered_tools()
        self._memories: dict[Path, Memory] = {}

    def check(self, folder: Path) -> CheckReport:
        memory = self._memories.setdefault(folder.resolve(), Memory())
        with _collector_waits():
            report = check(read_stack(folder, progress=self._progress, memory=memory), self._tools, self.as_of, memory)
        memory.forget()
        self._save()
        return report


@contextmanager
def _collector_waits() -> Iterator[None]:
    """No search for dead cycles while a check runs: nearly all that it makes stays, and looking takes a tenth of its time."""
    ran = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if ran:
            gc.enable()


def check_pack(folder: Path, as_of: date | None = None, progress: Progress = lambda _: None) -> CheckReport:
    return Checker(as_of or today(), progress).check(folder)


def check_change(stack: PackStack, old: Spec, new: Spec, as_of: date | None = None) -> tuple[Diagnostic, ...]:
    """Errors that the packs of a stack have over the spec `new` and have not over `old`."""
    tools, day = language_tools(), as_of or today()
    before = check(over(stack, old), tools, day).errors
    return tuple(error for error in check(over(stack, new), tools, day).errors if error not in before)


def compile_pack(folder: Path, as_of: date | None = None, settings: Settings | None = None, progress: Progress = lambda _: None
                 ) -> tuple[Any, CheckReport]:  # fmt: skip
    """(contents of the bundle, the report it rests on).

    Raises:
        BundleError: The checker found errors.
    """
    stack = read_stack(folder, settings, progress)
    report = check(stack, language_tools(), as_of or today())
    return compile_stack(stack, report), report
