"""`endonym eval`: a pack's examples and cases, scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.records import EvaluationRecord


@click.command(name="eval")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--engine", help="Evaluate this engine of the settings instead of the chain; `guide` for none.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File for the result record (default: <id>.evaluation.json).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--failures", is_flag=True, help="Show each failed score with its evidence.")
def command(path: Path, engine: str | None, output: Path | None, form: str, failures: bool) -> None:
    """Run every example and case through the assistant; the verifiers score the replies.

    Exits with 1 where the packs ask for more (`[gates] pass_rate`) than was reached.

    \b
    Examples:
      endonym eval packs/estonia-upper-secondary
      endonym eval packs/trinidad-and-tobago --engine embedded --failures
    """
    from endonym.records import write_record

    record = anyio.run(_run, path, engine)
    target = output or Path(f"{record.bundle}.evaluation.json")
    write_record(record, target)
    if form == "json":
        click.echo(json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        _show(record, target, failures)
    if not record.passed:
        raise click.exceptions.Exit(1)


def _show(record: EvaluationRecord, target: Path, failures: bool) -> None:
    click.echo(f"{record.bundle} {record.version}, {record.samples} samples, {', '.join(record.engines)}, {record.seconds:.1f} s\n")
    click.echo(f"{'scorer':<16}{'passed':>8}{'of':>6}   share   95 % interval")
    for tally in record.tallies:
        click.echo(f"{tally.scorer:<16}{tally.passed:>8}{tally.total:>6}  {tally.passed / tally.total:6.1%}   "
                   f"{tally.low:.1%} to {tally.high:.1%}")  # fmt: skip
    if failures:
        for score in record.scores:
            if not score.passed:
                click.echo(f"\n{score.sample}  {score.scorer} ({score.language}): {score.evidence}")
    if record.gate:
        click.echo(f"\nThe packs ask for {record.gate:.0%} at the lower end of the interval: {'reached' if record.passed else 'not reached'}.")
    click.echo(f"\nRecord: {target}. `endonym publish` shows it on the public site.")


async def _run(path: Path, engine: str | None) -> EvaluationRecord:
    from endonym.evaluate import evaluate
    from endonym.wiring.compose import Composition
    from endonym.wiring.settings import read_settings

    show = progress(quiet_off_terminal=True)
    composition = Composition(read_settings(), show)
    try:
        assistant = composition.assistant(composition.bundle(path), None if engine is None else [engine],
                                          demonstration=True if engine else None)  # fmt: skip
        return await evaluate(assistant, composition.tools, lambda done, total: show(f"evaluating: {done} of {total} samples"))
    finally:
        await composition.close()
