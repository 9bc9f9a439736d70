"""`endonym rule`: what a rule of the checker finds, why, and what to do instead."""

from __future__ import annotations

import json
from dataclasses import asdict
from textwrap import fill

import click

from endonym.check import RulePage, rule_pages


@click.command(name="rule")
@click.argument("code", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(code: str | None, form: str) -> None:
    """The page of one rule, or the list of all.

    \b
    Examples:
      endonym rule
      endonym rule AU001
      endonym rule --format json
    """
    from rapidfuzz import process

    from endonym.core.errors import RequestError

    pages = rule_pages()
    if code:
        found = [page for page in pages if code.upper() == page.code or code.lower() == page.name]
        if not found:
            near = process.extractOne(code.upper(), [page.code for page in pages])
            raise RequestError(f"expected the code or name of a rule, found {code!r}", param="CODE",
                               remedy=f"Did you mean {near[0]}? `endonym rule` lists all.")  # fmt: skip
        pages = tuple(found)
    if form == "json":
        click.echo(json.dumps([asdict(page) for page in pages], ensure_ascii=False, indent=2))
    elif code:
        _show(pages[0])
    else:
        family = ""
        for page in sorted(pages, key=lambda page: page.family):
            if page.family != family:
                click.secho(f"\n{page.family}" if family else page.family, bold=True)
                family = page.family
            click.echo(f"  {page.code}  {page.severity:<8} {page.name}")
        click.echo(f"\n{len(pages)} rules; `endonym rule CODE` shows one.")


def _show(page: RulePage) -> None:
    click.secho(f"{page.code} {page.name}", bold=True, nl=False)
    click.echo(f"  ({page.severity}, {page.standing}, since {page.since})\n")
    for head, text in (("", page.finds), ("Why", page.why), ("For example", page.example), ("Instead", page.instead)):
        if text:
            click.echo(fill(f"{head}: {text}" if head else text, 100) + "\n")
    click.echo("A pack may suppress it with a reason." if page.suppressible else "Nobody can suppress it.")
