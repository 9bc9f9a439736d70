"""`endonym audit`: a running server against a published bundle, by somebody outside."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.evaluate.audit import Audited, Probed


@click.command(name="audit")
@click.argument("url")
@click.option("--bundle", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True,
              help="The bundle that was published for this server.")  # fmt: skip
@click.option("--key", help="A key for the API (default: the variable ENDONYM_KEY; without one, what callers without a key may use).")
@click.option("--probes", type=click.IntRange(0, 1000), default=6, show_default=True, help="How many replies to ask for; each costs the server a turn.")
@click.option("--seed", type=int, help="Choose the same probes as an earlier audit (default: others each time).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(url: str, file: Path, key: str | None, probes: int, seed: int | None, form: str) -> None:
    """Compare what the server at URL says and how it replies with a published bundle. Needs no access to the server.

    Exits with 1 where something contradicts the bundle, with 3 where the server did not answer.

    \b
    Examples:
      endonym audit https://tutor.example.edu --bundle ee.bundle
      endonym audit http://127.0.0.1:8080 --bundle ee.bundle --probes 20 --seed 7
    """
    from endonym.bundle import read_bundle
    from endonym.evaluate.audit import audit
    from endonym.evaluate.server import Server
    from endonym.wiring.packs import language_tools

    server = Server(url, key or os.environ.get("ENDONYM_KEY", ""))
    chosen = secrets.randbelow(1_000_000) if seed is None else seed
    found = audit(server, read_bundle(file), language_tools(), probes, chosen, progress(quiet_off_terminal=True))
    if form == "json":
        click.echo(json.dumps(_data(found, server.address), ensure_ascii=False, indent=2))
    else:
        _show(found, server.address)
    if found.contradictions:
        raise click.exceptions.Exit(1)
    if probes and not found.answered:
        raise click.exceptions.Exit(3)


def _data(found: Audited, address: str) -> dict[str, object]:
    from endonym.evaluate.audit import cannot_prove

    return {"server": address, **asdict(found), "contradictions": found.contradictions, "cannot_prove": cannot_prove(found)}


def _show(found: Audited, address: str) -> None:
    from endonym.evaluate.audit import cannot_prove

    click.echo(f"{address} against {found.bundle}, {found.digest}\n")
    for statement in found.statements:
        click.echo(f"{_word(statement.agrees)}  {statement.what:<26} {statement.found}")
    if found.probes:
        wide = max(22, *(len(probe.sample) for probe in found.probes))
        click.echo(f"\n{'':<12}{'probe':<{wide}}  audience   reply  engine      rules  checks  disclosures")
        for probe in found.probes:
            click.echo(_row(probe, wide))
    contradictions = found.contradictions
    if contradictions:
        click.secho(f"\n{len(contradictions)} contradiction(s):", bold=True)
        for line in contradictions:
            click.echo(f"  - {line}")
        click.echo("\nCheck first that this is the bundle that was published for this server, and that `endonym --version` is the same here and "
                   f"there; then ask whoever runs it. The same probes again: --seed {found.seed}")  # fmt: skip
    elif found.answered:
        click.echo(f"\nNothing contradicts the bundle: {found.answered} replies looked at (--seed {found.seed} asks the same again).")
    else:
        click.echo("\nNo reply was looked at. Give --key with a key of the API, or more --probes.")
    click.secho("\nWhat this cannot prove:", bold=True)
    for sentence in cannot_prove(found):
        click.echo(fill(sentence, 110, initial_indent="  - ", subsequent_indent="    "))


def _row(probe: Probed, wide: int) -> str:
    head = f"{probe.sample:<{wide}}  {probe.audience:<9}"
    if probe.refusal:
        return f"{_word(None)}  {head}  {probe.refusal[:90]}"
    return (f"{_word(not probe.faults)}  {head}  {probe.language:<5}  {probe.engine[:10]:<10} {probe.rules:>6} {probe.checks:>7}  "
            f"{', '.join(dict.fromkeys(probe.disclosures))}{' (streamed)' if probe.streamed else ''}")  # fmt: skip


def _word(agrees: bool | None) -> str:
    word, colour = {True: ("agrees", "green"), False: ("contradicts", "red"), None: ("not shown", "yellow")}[agrees]
    return click.style(f"{word:<11}", fg=colour)
