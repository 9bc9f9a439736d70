"""`endonym key`: who may use the API."""

from __future__ import annotations

from contextlib import closing

import click


@click.group(name="key")
def command() -> None:
    """Keys for callers of the API: programs, classes, teachers.

    \b
    Examples:
      endonym key add "Moodle, class 7b" --audience student --school tartu --class 7b
      endonym key add "Head of school" --audience administrator --school tartu
      endonym key add "Ministry" --audience administrator --school '*'
      endonym key list
      endonym key revoke 3fa9c1d2e4b5
    """


@command.command()
@click.argument("name")
@click.option("--audience", "audiences", multiple=True, required=True, help="An audience of the packs that it may use, or administrator; may be given often.")
@click.option("--person", default="", help="Pseudonym of the person whose turns these are; nobody else's at any school.")
@click.option("--school", default="", help="Of whom it speaks; for an administrator '*' means all.")
@click.option("--class", "group", default="", help="A class of the school.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="How long it lasts.")
def add(name: str, audiences: tuple[str, ...], person: str, school: str, group: str, days: int) -> None:
    """Make a key called NAME and print it. It is shown this once and kept nowhere."""
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    with closing(open_store(read_settings())) as store:
        secret = store.access.add_key(name, audiences, person=person, school=school, group=group, days=days)
    click.echo(secret)
    click.echo(f"For {', '.join(audiences)}, {days} days. Keep it now: only its digest is stored.", err=True)


@command.command(name="list")
def list_keys() -> None:
    """Show every key, without its secret."""
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    with closing(open_store(read_settings())) as store:
        rows = store.access.keys()
    if not rows:
        click.echo('There are no keys. `endonym key add "Name" --audience student` makes one.')
    for row in rows:
        whose = " ".join(filter(None, (row["school"], row["class"], row["person"])))
        state = f"revoked {row['revoked'][:10]}" if row["revoked"] else f"until {row['ends'][:10]}"
        click.echo(f"{row['id']}  {state:<19} {row['audiences']:<18} {row['name']}{f'  ({whose})' if whose else ''}")


@command.command()
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """Take a key back, by the id that `list` shows. Running servers know within five seconds."""
    from endonym.core.errors import SettingsError
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    with closing(open_store(read_settings())) as store:
        if not store.access.revoke(key_id):
            raise SettingsError(f"expected the id of a key in use, found {key_id!r}", remedy="`endonym key list` shows them.")
    click.echo(f"{key_id} revoked")
