"""`endonym store`: the database's keys, its backup and the way back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.wiring.settings import Settings


@click.group(name="store")
def command() -> None:
    """The database: conversations, classes, the ledger.

    \b
    Examples:
      endonym store backup "/backups/store-$(date +%F).sqlite"
      endonym store restore /backups/store-2026-11-28.sqlite
      endonym store rotate
    """


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy the database into a new FILE while servers go on. Keys are not in it: copy store.key and ledger.key to another place."""
    from endonym.store.backup import back_up
    from endonym.wiring.settings import read_settings

    size = back_up(_sqlite(read_settings(), "pg_dump"), file)
    click.echo(f"{file}: {size:,} bytes. Keep store.key and ledger.key elsewhere: without them nothing in it can be read.")


@command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Put the backup FILE in the database's place, once the servers are stopped. What stood there is kept beside."""
    from endonym.store.backup import restore as put_back
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import store_key

    settings = read_settings()
    database = _sqlite(settings, "pg_restore")
    size, aside = put_back(file, database)
    click.echo(f"{database}: restored, {size:,} entries in the ledger. `endonym ledger verify --checkpoint kept.txt` says whether later ones are missing.")
    if not store_key(settings).is_file():
        click.echo(f"{store_key(settings)} is not there: put it back before anything else, or a new key is made that opens nothing of this.")
    if aside:
        click.echo(f"What stood there is {aside}: delete it once you need it no more. Erase anew whoever was erased since the backup.")


def _sqlite(settings: Settings, instead: str) -> Path:
    from sqlalchemy.engine import make_url

    from endonym.core.errors import StoreError

    url = make_url(settings.store) if settings.store else None
    if url is None:
        return settings.state / "store.sqlite"
    if url.get_backend_name() != "sqlite" or not url.database:
        raise StoreError(f"expected a database in a file, found {url.get_backend_name()}", origin="store", remedy=f"Use {instead}; docs/state.md shows how.")
    return Path(url.database)


@command.command()
def rotate() -> None:
    """Make a new key and wrap the key of every conversation, class and person with it; the old one then opens nothing.

    Stop the servers first. Interrupted, it goes on where it stopped when it is run again.
    """
    from endonym.store.seal import add_key, key_count, key_file, retire_keys
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store, store_key

    settings = read_settings()
    path = store_key(settings)
    with closing(open_store(settings)) as store:
        ring = key_file(path) if key_count(path) > 1 else add_key(path)
        show = progress()
        changed = store.rewrap(ring, lambda done, total: show(f"wrapping keys: {done} of {total}"))
    retire_keys(path)
    click.echo(f"{path}: a new key; {changed} keys of what is kept wrapped with it. Back this file up apart from the database.")
