"""`endonym check`: findings with file, line, code and remedy."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.check import CheckReport
    from endonym.core.diagnostics import Diagnostic
    from endonym.wiring.packs import Checker

FORMATS = ("text", "json", "sarif", "github")


@click.command(name="check")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge dates as of this day (default: today).")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--quiet", is_flag=True, help="Leave out what is only for information.")
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing a meaning, and migrate old formats.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes. Ctrl-C stops.")
def command(
    folders: tuple[Path, ...], as_of: datetime | None, form: str, strict: bool, quiet: bool, fix: bool, watch: bool
) -> None:  # fmt: skip
    """Check packs together with everything that they extend.

    \b
    Examples:
      endonym check packs/estonia-upper-secondary
      endonym check packs/* --format json
      endonym check packs/estonia --as-of 2027-12-01
      endonym check packs/estonia --watch
      endonym check packs/estonia --fix
      endonym check packs/* --format sarif > findings.sarif
    """
    from endonym.core.clock import today
    from endonym.wiring.packs import Checker

    checker = Checker(as_of.date() if as_of else today(), progress(quiet_off_terminal=True))
    if fix:
        _fix(folders, checker)
    show = _printer(form, quiet)
    report = _report(folders, checker)
    show(report)
    if watch:
        _watch(folders, checker, show)
    if report.errors or (strict and report.warnings):
        raise click.exceptions.Exit(1)


def _report(folders: tuple[Path, ...], checker: Checker) -> CheckReport:
    """Of all the packs together; files are named as from the folder one stands in."""
    from endonym.check import CheckReport
    from endonym.core.diagnostics import Diagnostic, Span, sort_diagnostics
    from endonym.core.errors import PackError
    from endonym.pack.load import UnreadablePack

    found: list[Diagnostic] = []
    packs: list[str] = []
    for folder in folders:
        try:
            report = checker.check(folder)
            found.extend(_from_here(d, folder) for d in report.diagnostics)
            packs.extend(pack for pack in report.packs if pack not in packs)
        except UnreadablePack as error:
            found.extend(_from_here(d, folder) for d in error.diagnostics)
        except PackError as error:
            origin = error.origin or str(folder)
            place = None if "://" in origin else re.fullmatch(r"(.*?)(?::(\d+))?(?::\d+)?", origin)
            file, line = (place[1], int(place[2] or 1)) if place else (origin, 1)
            found.append(Diagnostic("PK000", "unreadable-pack", "error", Span(file, line), error.message, error.remedy))
    return CheckReport(sort_diagnostics(found), checker.as_of, tuple(packs))


def _from_here(found: Diagnostic, folder: Path) -> Diagnostic:
    path = folder.resolve().parent / found.span.file
    here = Path.cwd()
    shown = os.path.relpath(path, here) if path.is_relative_to(here) else str(path)
    return replace(found, span=replace(found.span, file=shown))


def _printer(form: str, quiet: bool) -> Callable[[CheckReport], None]:
    from endonym import __version__
    from endonym.check import to_github, to_json, to_sarif, to_text

    def show(report: CheckReport) -> None:
        kept = tuple(d for d in report.diagnostics if not (quiet and d.severity == "info"))
        report = replace(report, diagnostics=kept)
        if form == "text":
            click.echo(to_text(report, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ))
        elif form == "github":
            click.echo(to_github(report))
        else:
            click.echo(json.dumps(to_json(report) if form == "json" else to_sarif(report, __version__), ensure_ascii=False, indent=2))

    return show


def _fix(folders: tuple[Path, ...], checker: Checker) -> None:
    """Migrate and mend the packs that were named; those that they extend are left alone."""
    from endonym.check import fix
    from endonym.core.errors import PackError
    from endonym.pack.migrate import migrate

    for folder in folders:
        changed = [(path, "format") for path in migrate(folder)]
        try:
            report = checker.check(folder)
        except PackError as error:
            click.echo(f"not mended: {error}", err=True)
            continue
        by_file: dict[str, set[str]] = {}
        for found in report.diagnostics:
            by_file.setdefault(found.span.file, set()).add(found.code)
        for name, codes in sorted(by_file.items()):
            path = folder.resolve().parent / name
            if path.is_file() and path.is_relative_to(folder.resolve()):
                before = path.read_bytes().decode("utf-8", "surrogateescape")
                after = fix(before, frozenset(codes))
                if after != before:
                    partial = path.with_name(f".{path.name}.part")
                    partial.write_bytes(after.encode("utf-8", "surrogateescape"))
                    partial.replace(path)
                    changed.append((path, ", ".join(sorted(codes))))
        for path, what in changed:
            click.echo(f"mended {path} ({what})", err=True)


def _watch(folders: tuple[Path, ...], checker: Checker, show: Callable[[CheckReport], None]) -> None:
    from watchfiles import watch

    from endonym.core.clock import now

    click.echo("watching; Ctrl-C stops", err=True)
    for changes in watch(*(folder.resolve().parent for folder in folders), step=100):
        click.echo(f"\n{now().astimezone():%H:%M:%S}  {Path(sorted(path for _, path in changes)[0]).name} changed", err=True)
        show(_report(folders, checker))
