"""`endonym doctor`: whether a deployment is in order, and what to do where it is not."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from endonym.wiring.doctor import Finding


@click.command(name="doctor")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--probe", is_flag=True, help="Let each engine answer one word. This costs a few tokens.")
@click.option("--public", default="", metavar="URL", help="The address under which people reach the server, to try it as somebody outside.")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(paths: tuple[Path, ...], probe: bool, public: str, strict: bool, form: str) -> None:
    """Check this machine, the settings, keys, database, ledger, engines, and the packs or bundles at PATHS.

    Run it where the server is started: in the same folder, as the same user, with the same variables. It changes no data and may be
    run beside a serving process. Exits with 1 where something is in error.

    \b
    Examples:
      endonym doctor packs/estonia-upper-secondary
      endonym doctor ee.bundle --probe
      endonym doctor ee.bundle --public https://tutor.example.edu
      endonym doctor --format json
    """
    from endonym.wiring.doctor import examine

    findings = []
    for finding in examine(paths, probe=probe, public=public):
        findings.append(finding)
        if form == "text":
            _show(finding)
    counts = Counter(finding.state for finding in findings)
    if form == "json":
        click.echo(json.dumps({"checks": [asdict(one) for one in findings], "counts": dict(counts)}, ensure_ascii=False, indent=2))
    else:
        click.echo(f"\n{counts['error']} error(s), {counts['warning']} warning(s), {counts['ok']} in order")
    if counts["error"] or (strict and counts["warning"]):
        raise click.exceptions.Exit(1)


_COLOURS = {"ok": "green", "warning": "yellow", "error": "red", "not checked": "cyan"}


def _show(finding: Finding) -> None:
    plain = "NO_COLOR" in os.environ
    word = f"{finding.state:<12}"
    line = f"{word if plain else click.style(word, fg=_COLOURS[finding.state], bold=finding.state == 'error')}{finding.check:<12}{finding.message}"
    click.echo(line)
    if finding.remedy:
        click.echo(f"{'':<24}to do: {finding.remedy}")
