"""`endonym person`: the rights that a person has over what is kept of them (GDPR, articles 15, 17 and 20)."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import click

from endonym.cli import shares as given


@click.group(name="person")
def command() -> None:
    """Everything that is kept of one person.

    \b
    Examples:
      endonym person export s-4711 -o s-4711.json
      endonym person erase s-4711
    """


@command.command()
@click.argument("person")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write, readable by you alone.")
@given.option
def export(person: str, output: Path, shares: tuple[Path, ...]) -> None:
    """Write everything that is kept of PERSON into a file, in the clear, with who read it and why: hand it to that person and to nobody else.

    Whoever exports could read, so it is in the ledger; where there is a break-glass key, two of its shares are needed.
    """
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    with closing(open_store(read_settings())) as store:
        kept = store.export_person(person, given.ask(shares) if store.break_glass.public() else None)
    output.touch(0o600, exist_ok=True)
    output.chmod(0o600)
    output.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    found = [f"{name.replace('_', ' ')} {len(value)}" for name, value in kept.items() if isinstance(value, list) and value]
    found += ["a return code"] if kept["return_code"] else []
    click.echo(f"{output}: {', '.join(found) or f'nothing is kept of {person!r}'}")


@command.command()
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(person: str, yes: bool) -> None:
    """Erase everything that is kept of PERSON. It cannot be undone; export first what they want to keep."""
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    with closing(open_store(read_settings())) as store:
        if not yes:
            click.confirm(f"Erase everything that is kept of {person!r}, classes that they teach too, for good?", abort=True)
        conversations, turns = store.erase_person(person)
        click.echo(f"erased: {conversations} conversation(s), {turns} turn(s). The ledger keeps digests that nobody can relate to them any more. "
                   "Backups made before hold them until they expire.")  # fmt: skip
        overwritten = store.tidy()
    if not overwritten:
        click.echo("warning: another program reads the database, so what was erased still stands in the log beside it (store.sqlite-wal). "
                   "A server overwrites it once that program has ended; without one, run this again.", err=True)  # fmt: skip
