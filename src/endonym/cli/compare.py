"""`endonym compare`: the packs of several countries side by side."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.pack.comparison import Cell, Comparison
    from endonym.pack.topics import Ground


@click.command(name="compare")
@click.argument("packs", nargs=-1, required=True)
@click.option("--language", default="en", show_default=True, help="Language of summaries, where the packs have it.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write one page that needs nothing else, to send around or to print.")  # fmt: skip
def command(packs: tuple[str, ...], language: str, form: str, html: Path | None) -> None:
    """Compare PACKS topic by topic: the first one, and how each other stands to it (same, stricter, wider, different, silent).

    PACKS are folders, bundle files, or ids of packs under packs/; each counts together with everything that it extends.
    Where machines can tell, the strictest is marked.

    \b
    Examples:
      endonym compare estonia trinidad-and-tobago jordan
      endonym compare jordan estonia --language ar --html comparison.html
      endonym compare estonia singapore --format csv > comparison.csv
    """
    from endonym.core.errors import RequestError
    from endonym.pack.comparison import compare_packs
    from endonym.wiring.stacks import find_pack, open_stack

    if len(packs) < 2:
        raise RequestError("expected at least two packs, found one", param="PACKS", remedy="Name another pack to compare it with.")
    stacks = [open_stack(find_pack(name), progress(quiet_off_terminal=True)) for name in packs]
    found = compare_packs(stacks, language)
    if html:
        from endonym.publish.comparison import comparison_page

        html.parent.mkdir(parents=True, exist_ok=True)
        html.write_bytes(comparison_page(found))
    if form == "json":
        click.echo(json.dumps(_data(found), ensure_ascii=False, indent=2))
    elif form == "csv":
        click.echo(_csv(found), nl=False)
    else:
        for line in (*_head(found), *([f"written {html}"] if html else _lines(found))):
            click.echo(line)


def _head(found: Comparison) -> Iterator[str]:
    for number, column in enumerate(found.columns):
        stack = " › ".join(f"{name} {version}" for name, version in column.packs)
        yield f"{'first' if number == 0 else '     '}  {column.title[0]}  {stack}"
    if len({column.spec[1] for column in found.columns}) > 1:
        yield f"base specs differ: {', '.join(dict.fromkeys(column.spec[0] for column in found.columns))}; sections are matched by id"
    yield f"Each pack against {found.columns[0].id}; * the strictest, ? for people to judge. {sum(r.common for r in found.rows)} of " \
          f"{len(found.rows)} rows are the same in all."  # fmt: skip


def _lines(found: Comparison) -> Iterator[str]:
    width = max(60, shutil.get_terminal_size((110, 24)).columns)
    yield from _table(found, width)
    for kind, title in (("topic", "Topics"), ("section", "Sections of the base spec")):
        rows = [row for row in found.rows if row.kind == kind]
        yield from [f"\n{click.style(title, bold=True)}"] if rows else []
        for row in rows:
            yield f"\n{click.style(row.title, bold=True)}" + (f"  {row.id}" if kind == "section" and row.id else "")
            for column, cell in zip(found.columns, row.cells, strict=True):
                yield from _cell(column.id, cell, width)


def _table(found: Comparison, width: int) -> Iterator[str]:
    """The states alone, where they fit; the lists below say everything."""
    titles = max(len(row.title) for row in found.rows)
    columns = [max(11, len(column.id)) for column in found.columns]
    if titles + sum(columns) + 2 * len(columns) > width:
        return
    yield "\n" + " " * titles + "".join(f"  {column.id:<{size}}" for column, size in zip(found.columns, columns, strict=True)).rstrip()
    for row in found.rows:
        line = f"{row.title:<{titles}}"
        for cell, size in zip(row.cells, columns, strict=True):
            line += "  " + click.style(_short(cell), fg=_COLOURS.get(cell.state)) + " " * (size - len(_short(cell)))
        yield line.rstrip()


_COLOURS = {"stricter": "green", "wider": "red", "silent": "bright_black"}


def _short(cell: Cell) -> str:
    state = "•" if cell.state == "first" else cell.state
    return state + ("" if cell.proved else "?") + ("*" if cell.strictest else "")


def _cell(pack: str, cell: Cell, width: int) -> Iterator[str]:
    state = "" if cell.state == "first" else cell.state
    marks = [state and state + ("" if cell.proved else ", for people to judge"), cell.value, "the strictest" if cell.strictest else ""]
    said = fill("  ".join((pack, *filter(None, marks))), width, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)
    rest = said.removeprefix(f"  {pack}")
    yield f"  {click.style(pack, fg='cyan')}" + click.style(rest, fg=_COLOURS.get(cell.state))
    for ground in cell.grounds:
        yield from (fill(line, width, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False) for line in _ground(ground))


def _ground(ground: Ground) -> Iterator[str]:
    checked = f"checked by {', '.join(dict.fromkeys(ground.checked))}" if ground.checked else "judged by people"
    said = f" ({ground.effect}, {ground.basis}, {checked})" if ground.effect else ""
    if ground.text:
        yield f"{ground.text}{said}"
    for source in ground.sources:
        identifier = "" if source.scheme == "url" else source.identifier
        yield "  – " + ", ".join(part for part in (source.title, source.pinpoint, identifier, _FORCE.get(source.force, "")) if part)


_FORCE = {"partial": "in force in part", "enacted_not_commenced": "not yet in force", "draft": "a draft", "repealed": "repealed"}


def _data(found: Comparison) -> dict[str, Any]:
    return {
        "language": found.language,
        "packs": [
            {"id": c.id, "title": c.title[0], "stack": [{"id": name, "version": version} for name, version in c.packs],
             "base_spec": {"id": c.spec[0], "digest": c.spec[1]}} for c in found.columns
        ],
        "rows": [
            {
                "kind": row.kind, "id": row.id, "title": row.title, "common": row.common,
                "cells": [
                    {
                        "pack": column.id, "state": cell.state, "proved": cell.proved, "strictest": cell.strictest, "value": cell.value,
                        "grounds": [
                            {
                                "id": g.id, "pack": g.pack, "text": g.text, "language": g.language, "effect": g.effect, "basis": g.basis,
                                "checked_by": list(g.checked) or ["people"] if g.effect else [],
                                "sources": [{"id": s.id, "title": s.title, "pinpoint": s.pinpoint, "identifier": s.identifier,
                                             "jurisdiction": s.jurisdiction, "force": s.force, "url": s.url} for s in g.sources],
                            }
                            for g in cell.grounds
                        ],
                    }
                    for column, cell in zip(found.columns, row.cells, strict=True)
                ],
            }
            for row in found.rows
        ],
    }  # fmt: skip


def _csv(found: Comparison) -> str:
    from endonym.text.table import to_csv

    rows: list[tuple[str, ...]] = [("kind", "id", "title", "pack", "state", "proved", "strictest", "value", "text", "effect", "basis", "sources")]
    for row in found.rows:
        for column, cell in zip(found.columns, row.cells, strict=True):
            grounds = cell.grounds
            sources = dict.fromkeys(f"{s.title} {s.pinpoint}".strip() for g in grounds for s in g.sources)
            effects, bases = (", ".join(dict.fromkeys(part for part in parts if part)) for parts in ([g.effect for g in grounds], [g.basis for g in grounds]))
            rows.append((row.kind, row.id, row.title, column.id, cell.state, *("yes" if flag else "no" for flag in (cell.proved, cell.strictest)),
                         cell.value, " / ".join(g.text for g in grounds if g.text), effects, bases, "; ".join(sources)))  # fmt: skip
    return to_csv(rows)
