"""`endonym draft`: lessons and quizzes begun from what a pack holds, with sources."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.assistant import Assistant

_language = click.option("--language", default="", help="Language of the draft (default: the pack's).")
_output = click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="New file to write (default: print it).")


@click.group(name="draft")
def command() -> None:
    """Begin a lesson or a quiz from what a pack holds. Whatever a person must still write stands behind ✎; nothing is reviewed.

    \b
    Examples:
      endonym draft lesson packs/estonia-upper-secondary EE.BIO.2.3 --language et -o lessons/biology/uus.et.md
      endonym draft quiz packs/estonia-upper-secondary biology/fotosuntees --language et
    """


@command.command()
@click.argument("pack", type=click.Path(path_type=Path))
@click.argument("outcome")
@_language
@click.option("--engine", help="Let this engine of the settings explain, instead of the chain; `guide` for none.")
@_output
def lesson(pack: Path, outcome: str, language: str, engine: str | None, output: Path | None) -> None:
    """Draft a lesson of PACK for OUTCOME, in the format of lessons/: outcome, passages that were found, terms of the glossary.

    An engine that is fit puts the explanation into words, each sentence with its passage or marked; without one nothing is put into words.
    """
    from endonym.assistant.draft import draft_lesson, explain_outcome

    async def work(assistant: Assistant) -> tuple[str, str]:
        chosen = language or assistant.bundle.contents.head.default_language
        draft = draft_lesson(assistant, outcome, chosen, await explain_outcome(assistant, outcome, chosen))
        return draft.text, f"{draft.left} place(s) to write, {len(draft.passages)} passage(s)" + (f", explained by {draft.written_by}" if draft.written_by else "")

    _expect_new(output)
    _write(*anyio.run(_with, pack, engine, work), output)


@command.command()
@click.argument("pack", type=click.Path(path_type=Path))
@click.argument("lesson_id", metavar="LESSON")
@_language
@_output
def quiz(pack: Path, lesson_id: str, language: str, output: Path | None) -> None:
    """Draft a quiz on LESSON of PACK, such as biology/fotosuntees, with a sheet of answers and sources. No engine is asked."""
    from endonym.core.errors import RequestError
    from endonym.pedagogy.quiz import make_quiz, quiz_markdown
    from endonym.web.phrases import Phrases
    from endonym.wiring.compose import Composition
    from endonym.wiring.settings import read_settings

    _expect_new(output)
    composition = Composition(read_settings().bare(), progress(quiet_off_terminal=True))
    bundle = composition.bundle(pack)
    chosen = language or bundle.contents.head.default_language
    found = bundle.lessons.get((lesson_id, chosen))
    if found is None:
        known = sorted(name for name, of in bundle.lessons if of == chosen)
        raise RequestError(f"expected a lesson in {chosen}, found {lesson_id!r}", param="LESSON",
                           remedy=f"There are {', '.join(known[:20])}." if known else "The pack has none in this language.")  # fmt: skip
    made, phrases = make_quiz(bundle, found, composition.tools), Phrases(bundle.contents.interface)
    _write(quiz_markdown(made, lambda name: phrases.text(name, chosen)), f"{len(made.questions)} question(s)", output)


async def _with(pack: Path, engine: str | None, work: Callable[[Assistant], Awaitable[tuple[str, str]]]) -> tuple[str, str]:
    from endonym.wiring.compose import Composition
    from endonym.wiring.settings import read_settings

    composition = Composition(read_settings(), progress(quiet_off_terminal=True))
    try:
        return await work(composition.assistant(composition.bundle(pack), None if engine is None else [engine]))
    finally:
        await composition.close()


def _expect_new(output: Path | None) -> None:
    """Before an engine is asked for nothing."""
    from endonym.core.errors import PackError

    if output and output.exists():
        raise PackError("expected no such file yet, found one", origin=str(output), remedy="Name another: somebody may have gone on writing in it.")


def _write(text: str, note: str, output: Path | None) -> None:
    from endonym.core.errors import PackError

    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, "utf-8")
    except OSError as error:
        raise PackError(f"cannot write: {error.strerror}", origin=str(output), remedy="Name a file that you may write.") from None
    click.echo(f"{output}: {note}")
