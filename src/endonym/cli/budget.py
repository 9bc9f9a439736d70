"""`endonym budget`: how much schools, classes, persons and keys may use."""

from __future__ import annotations

from contextlib import closing

import click


@click.group(name="budget")
def command() -> None:
    """Budgets in requests, tokens or money. A request needs room in each budget that it touches.

    \b
    Examples:
      endonym budget set school:tartu tokens 20000000 --per month
      endonym budget set school:tartu money 50 --per month
      endonym budget set class:tartu/7b requests 2000 --per day
      endonym budget list
      endonym budget reset class:tartu/7b
    """


@command.command(name="set")
@click.argument("scope")
@click.argument("kind", type=click.Choice(["requests", "tokens", "money"]))
@click.argument("most")
@click.option("--per", type=click.Choice(["day", "month", "always"]), default="month", show_default=True, help="By UTC.")
def set_budget(scope: str, kind: str, most: str, per: str) -> None:
    """Allow SCOPE (school:…, class:school/…, person:…, key:…) MOST of a KIND in each period.

    Money is in the `currency` of the settings; what engines cost is set as their `price_in` and `price_out`.
    """
    from endonym.core.errors import SettingsError
    from endonym.core.money import millionths
    from endonym.wiring.settings import FILE, read_settings
    from endonym.wiring.state import open_store

    settings = read_settings()
    if kind == "money" and not settings.currency:
        raise SettingsError("currency: expected the currency of prices and budgets, found none", origin=FILE, remedy='Set it, such as currency = "EUR".')
    amount = millionths(most) if kind == "money" else _whole(most)
    with closing(open_store(settings)) as store:
        store.access.set_budget(scope, kind, per, amount)  # type: ignore[arg-type]
    click.echo(f"{scope}: {_shown(amount, kind, settings.currency)} {'in all' if per == 'always' else f'a {per}'}")
    if kind == "money" and not any(engine.price_in is not None for engine in settings.engines.values()):
        click.echo("No engine has a price, so nothing will be charged: set price_in and price_out in [engines.NAME].")


def _whole(most: str) -> int:
    if not (most.isascii() and most.isdecimal() and len(most) <= 18):
        raise click.UsageError(f"expected a whole number of 0 or more, found {most!r}. Write it without points or commas.")
    return int(most)


def _shown(amount: int, kind: str, currency: str) -> str:
    from endonym.core.money import shown

    return shown(amount, currency) if kind == "money" else f"{amount:,} {kind}"


@command.command(name="list")
def list_budgets() -> None:
    """Show every budget and what the present period has used."""
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    settings = read_settings()
    with closing(open_store(settings)) as store:
        rows = store.access.budgets()
    if not rows:
        click.echo("There are no budgets: nobody is limited. `endonym budget set` makes one.")
    for row in rows:
        share = f"{row.used / row.most:.0%}" if row.most else "-"
        used, most = (_shown(amount, row.kind, settings.currency).partition(" ") for amount in (row.used, row.most))
        click.echo(f"{row.scope:<28} {used[0]:>14} of {most[0]:>14} {most[2]:<9} {row.per:<7} {share:>5}")


@command.command()
@click.argument("scope")
def reset(scope: str) -> None:
    """Let SCOPE begin its present periods anew."""
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    with closing(open_store(read_settings())) as store:
        store.access.reset(scope)
    click.echo(f"{scope}: nothing used in this period")
