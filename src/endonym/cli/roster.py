"""`endonym roster`: classes with their students, from a school's register."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from endonym.cli.progress import progress
from endonym.core.diagnostics import Diagnostic
from endonym.web.phrases import Phrases

if TYPE_CHECKING:
    from endonym.roster import Roster
    from endonym.store.rosters import Brought


@click.group(name="roster")
def command() -> None:
    """Rosters: OneRoster 1.2 CSV (a folder or a ZIP), or one CSV file with the columns class and name.

    Nobody needs an e-mail address: each student gets a code for the first sign-in. Names are printed with the codes and kept nowhere but in a
    sealed list of each class, which says not who is who.

    \b
    Examples:
      endonym roster check oneroster.zip
      endonym roster import 11b.csv --school tartu --bundle packs/estonia-upper-secondary --teacher kersti --dry-run
      endonym roster import 11b.csv --school tartu --bundle packs/estonia-upper-secondary --teacher kersti --sheet codes.html
    """


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
def check(file: Path, form: str, strict: bool) -> None:
    """Check FILE and print every fault with its line. Nothing is written."""
    roster = _read(file)
    if form == "json":
        click.echo(json.dumps(_json(roster), ensure_ascii=False, indent=2))
    else:
        _print_faults(roster)
        click.echo(_summary(roster))
    if roster.errors or (strict and roster.faults):
        raise click.exceptions.Exit(1)


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--school", required=True, help="Whose classes these are, as keys name it.")
@click.option("--bundle", required=True, metavar="PACK", help="The pack that the classes learn with: a folder, a bundle file or an id under packs/.")
@click.option("--teacher", required=True, help="Pseudonym of the teacher, as in `endonym key add --person`.")
@click.option("--language", default="", help="Language of instruction (default: that of the pack).")
@click.option("--class", "only", multiple=True, metavar="NAME", help="Only this class of the file; may be given often.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--skip-faulty", is_flag=True, help="Import the rows without faults; otherwise one fault keeps everything out.")
@click.option("--remove-missing", is_flag=True, help="Who is no longer listed leaves the class; what they wrote stays theirs.")
@click.option("--new-code", "renew", multiple=True, metavar="NAME", help="Who lost their code; may be given often. Who has used it begins anew.")
@click.option("--sheet", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write names with codes there, .html to print or .csv (default: print as CSV).")
@click.option("--address", default="", help="Where students sign in, for the sheet, such as https://tutor.example.edu.")
def import_roster(
    file: Path, school: str, bundle: str, teacher: str, language: str, only: tuple[str, ...], dry_run: bool, skip_faulty: bool, remove_missing: bool,
    renew: tuple[str, ...], sheet: Path | None, address: str,
) -> None:  # fmt: skip
    """Import classes and students of FILE. The same file again changes nothing.

    Names with codes are written once. A code is for the first sign-in: the student then gets one of their own, so that no sheet opens what they write.
    """
    from endonym.core.errors import RequestError
    from endonym.wiring.settings import read_settings
    from endonym.wiring.stacks import find_pack, open_stack
    from endonym.wiring.state import open_store

    roster = _chosen(_read(file).of_school(school), only, renew)
    _print_faults(roster)
    _expect_fit(roster, skip_faulty, remove_missing)
    head = open_stack(find_pack(bundle), progress(quiet_off_terminal=True)).top.manifest
    if language and language not in head.languages:
        raise RequestError(f"expected one of {', '.join(head.languages)}, found {language!r}", param="--language", remedy="Name a language of the pack.")
    report = progress()
    if sheet and not dry_run:  # codes that could not be written would be lost
        try:
            sheet.touch(0o600, exist_ok=True)
        except OSError as error:
            raise RequestError(f"{sheet}: cannot be written: {error.strerror}", param="--sheet", remedy="Name a file in a folder that you may write to.") from None
    with closing(open_store(read_settings())) as store:
        brought = store.rosters.bring(
            roster.groups, school=school, teacher=teacher, bundle=head.id, learning=language or head.default_language, remove_missing=remove_missing,
            renew=renew, rehearse=dry_run, progress=lambda done, total: report(f"importing: {done} of {total} classes"),
        )  # fmt: skip
    _tell(brought, dry_run)
    if not dry_run and any(one.code for group in brought for one in group.students):
        _write_sheet(brought, sheet, school, f"{address.rstrip('/')}/join")
    elif sheet and not dry_run and not sheet.stat().st_size:
        sheet.unlink()


def _read(file: Path) -> Roster:
    from endonym.core.clock import today
    from endonym.roster import files_of, read_roster

    return read_roster(files_of(file), today())


def _chosen(roster: Roster, only: tuple[str, ...], renew: tuple[str, ...]) -> Roster:
    from dataclasses import replace

    from endonym.core.errors import RequestError

    names = [group.name for group in roster.groups]
    if unknown := next((name for name in only if name not in names), ""):
        raise RequestError(f"expected a class of the file, found {unknown!r}", param="--class", remedy=f"It has {', '.join(names[:20]) or 'none'}.")
    listed = {student.name for group in roster.groups for student in group.students}
    if missing := next((name for name in renew if name not in listed), ""):
        raise RequestError(f"expected a student of the file, found {missing!r}", param="--new-code", remedy="Write the name as it stands there.")
    return replace(roster, groups=tuple(group for group in roster.groups if not only or group.name in only))


def _expect_fit(roster: Roster, skip_faulty: bool, remove_missing: bool) -> None:
    if roster.errors and not (skip_faulty and roster.groups):
        click.echo(f"nothing was imported: {len(roster.errors) + roster.more} error(s)"
                   + (". Correct them, or import the rest with --skip-faulty." if roster.groups else "."), err=True)  # fmt: skip
        raise click.exceptions.Exit(1)
    if roster.errors and remove_missing:
        click.echo("nothing was imported: --remove-missing needs a file without errors, for who stands in a faulty row is not missing.", err=True)
        raise click.exceptions.Exit(1)


def _print_faults(roster: Roster) -> None:
    colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    for found in _diagnostics(roster):
        severity = click.style(found.severity, fg="red" if found.severity == "error" else "yellow", bold=True) if colour else found.severity
        click.echo(f"{found.span}: {severity} {found.code} {found.message} {found.remedy}", err=True)
    if roster.more:
        click.echo(f"… and {roster.more} more", err=True)


def _diagnostics(roster: Roster) -> list[Diagnostic]:
    phrases = Phrases({})
    return [fault.diagnostic(lambda name, /, **values: phrases.text(name, "en", **values)) for fault in roster.faults]


def _json(roster: Roster) -> dict[str, object]:
    return {
        "kind": roster.kind, "rows": roster.rows, "more": roster.more,
        "classes": [{"name": group.name, "schools": list(group.schools), "students": len(group.students)} for group in roster.groups],
        "diagnostics": [{"code": d.code, "name": d.name, "severity": d.severity, "file": d.span.file, "line": d.span.line, "message": d.message,
                         "expected": fault.expected, "found": fault.found, "remedy": d.remedy} for fault, d in zip(roster.faults, _diagnostics(roster), strict=True)],
    }  # fmt: skip


def _summary(roster: Roster) -> str:
    warnings = len(roster.faults) - len(roster.errors)
    return (f"{roster.kind}: {roster.rows:,} rows, {len(roster.groups)} classes, {roster.students:,} students; "
            f"{len(roster.errors) + roster.more} error(s), {warnings} warning(s)")  # fmt: skip


def _tell(brought: tuple[Brought, ...], dry_run: bool) -> None:
    for one in brought:
        what = [f"new: {one.joined}" if one.joined else "", f"{'removed' if one.gone else 'no longer listed'}: {one.left}" if one.left else ""]
        said = ", ".join(filter(None, what)) or "unchanged"
        click.echo(f"{one.name}: {'new class, ' if one.made else ''}students: {len(one.students)}, {said}", err=True)
        if one.left and one.missing:
            click.echo(f"  {', '.join(one.missing)}" + ("" if one.gone else " (--remove-missing removes them)"), err=True)
    if not any(one.changed for one in brought):
        click.echo("Nothing changes.", err=True)
    elif dry_run:
        click.echo("Nothing was changed: this was a rehearsal.", err=True)


def _write_sheet(brought: tuple[Brought, ...], sheet: Path | None, school: str, address: str) -> None:
    from endonym.store.classes import spaced
    from endonym.text.table import to_csv
    from endonym.tutor.sheet import sheet_page

    rows = [("class", "name", "code"), *((group.name, one.name, spaced(one.code)) for group in brought for one in group.students if one.code)]
    text = to_csv(rows)
    if sheet is None:
        click.echo(text, nl=False)
        click.echo("Keep it now: codes are stored as digests alone.", err=True)
        return
    if sheet.suffix.casefold() in (".html", ".htm"):
        phrases = Phrases({})
        text = sheet_page(brought, school, address, "en", lambda name, /, **values: phrases.text(name, "en", **values))
    sheet.touch(0o600, exist_ok=True)
    sheet.chmod(0o600)
    sheet.write_text(text, "utf-8-sig" if sheet.suffix.casefold() == ".csv" else "utf-8")
    click.echo(f"{sheet}: {len(rows) - 1} code(s), shown this once", err=True)
