"""`endonym assessment`: a draft of a data-protection assessment, from what packs and settings declare."""

from __future__ import annotations

from contextlib import closing

import click

from endonym.cli.progress import progress


@click.command(name="assessment")
@click.argument("packs", nargs=-1, required=True, metavar="PACK…")
@click.option("--language", default="", help="Of the page (default: that of the first pack).")
@click.option("--school", default="", help="Named at its head.")
def command(packs: tuple[str, ...], language: str, school: str) -> None:
    """Print a page: what is processed and why, on what law each rule of the packs rests, where data goes by these settings, how long it is kept,
    who can see what, and what only people can answer.

    It is a draft for people to complete, and no legal advice.

    \b
    Examples:
      endonym assessment packs/estonia-upper-secondary > assessment.html
      endonym assessment packs/estonia-upper-secondary --language en --school "Tartu Gümnaasium" > assessment.html
    """
    from endonym.core.errors import RequestError
    from endonym.tutor.assessment import assessment_page
    from endonym.web.phrases import Phrases
    from endonym.wiring.compose import Composition, declared
    from endonym.wiring.operation import operation_of
    from endonym.wiring.settings import read_settings
    from endonym.wiring.stacks import find_pack
    from endonym.wiring.state import open_store

    settings = read_settings()
    composition = Composition(settings.bare(), progress())
    bundles = [composition.bundle(find_pack(name)) for name in packs]
    chosen = language or bundles[0].contents.head.default_language
    if any(chosen not in bundle.languages for bundle in bundles):
        raise RequestError(f"expected a language of every pack, found {chosen!r}", param="--language", remedy=f"There are {', '.join(bundles[0].languages)}.")
    engines = [{audience: tuple(declared(name, settings.engine(name)) for name in settings.chain_of(bundle.id, audience) if name != "guide")
                for audience in bundle.contents.head.audiences} for bundle in bundles]  # fmt: skip
    with closing(open_store(settings, keyless=True)) as store:
        break_glass = store.break_glass.public() is not None
    phrases = Phrases(bundles[0].contents.interface)
    click.echo(assessment_page(list(zip(bundles, engines, strict=True)), chosen, lambda name, /, **values: phrases.text(name, chosen, **values),
                               operation_of(settings), break_glass=break_glass, school=school))  # fmt: skip
