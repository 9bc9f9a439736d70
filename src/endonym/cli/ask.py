"""`endonym ask`: one turn in the terminal."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.seams.turn import Turn


@click.command(name="ask")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("questions", nargs=-1, required=True)
@click.option("--language", default="", help="Language of instruction (default: the pack's).")
@click.option("--audience", help="Audience (default: the pack's first).")
@click.option("--subject", default="", help="Subject of the lesson, where known.")
@click.option("--engine", "engine", help="Use this engine of the settings, labelled a demonstration; `guide` for none.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--why", is_flag=True, help="Show the trace: why this reply.")
def command(
    path: Path, questions: tuple[str, ...], language: str, audience: str | None, subject: str, engine: str | None,
    form: str, why: bool,
) -> None:  # fmt: skip
    """Ask a pack or a bundle. Several questions are the messages of one conversation; the last reply is shown.

    \b
    Examples:
      endonym ask packs/estonia-upper-secondary "Mis on fotosüntees?" --language et
      endonym ask packs/estonia-upper-secondary "Mis on fotosüntees?" "anna vihje" --why
      endonym ask packs/trinidad-and-tobago "What is photosynthesis?" --audience teacher --engine embedded
    """
    turn = anyio.run(_ask, path, questions, language, audience, subject, engine, form == "text")
    import orjson

    from endonym.assistant import extension

    if form == "json":
        click.echo(orjson.dumps({"reply": turn.reply, **extension(turn)}, option=orjson.OPT_INDENT_2))
        return
    click.echo("\n")
    for citation in turn.citations:
        click.secho(f"[{citation.number}] {citation.document_title}: {citation.title}", bold=True, nl=False)
        click.echo(f"  ({citation.passage}, {citation.licence}, {citation.reviewed_by})")
    for outcome in turn.outcomes:
        click.echo(f"{outcome.code}  {outcome.statement}")
    for disclosure in turn.disclosures:
        if not disclosure.inline:
            click.secho(disclosure.text, dim=True)
    if why:
        click.echo()
        for line in turn.trace:
            click.echo(f"{line.stage:<10} {line.ms:8.1f} ms  {line.note}")
        for rule in turn.rules:
            click.echo(f"  {rule.effect:<10} {rule.basis:<10} {rule.pack}/{rule.id}: {rule.summary}")


async def _ask(
    path: Path, questions: tuple[str, ...], language: str, audience: str | None, subject: str, engine: str | None, show: bool
) -> Turn:
    from endonym.core.errors import RequestError
    from endonym.seams.engine import Delta
    from endonym.seams.turn import Message, Request
    from endonym.wiring.compose import Composition
    from endonym.wiring.settings import read_settings

    composition = Composition(read_settings(), progress(quiet_off_terminal=True))
    try:
        bundle = composition.bundle(path)
        known = list(bundle.contents.head.audiences)
        if audience is not None and audience not in known:
            raise RequestError(f"expected one of {', '.join(known)}, found {audience!r}", param="--audience")
        chain = None if engine is None else [engine]
        assistant = composition.assistant(bundle, chain, demonstration=True if engine else None)
        request = Request(tuple(Message("user", text) for text in questions), audience or known[0], language, subject)
        turn: Turn | None = None
        async with aclosing(assistant.respond(request)) as items:
            async for item in items:
                if isinstance(item, Delta):
                    if show:
                        click.echo(item.text, nl=False)
                else:
                    turn = item
        if turn is None:
            raise AssertionError("a turn ends with itself")
        return turn
    finally:
        await composition.close()
