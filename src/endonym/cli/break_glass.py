"""`endonym break-glass`: reading a conversation when it must be, by two of three people, in the open."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from endonym.cli import shares as given
from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.seams.turn import Turn
    from endonym.store import Store


@click.group(name="break-glass")
def command() -> None:
    """Nobody reads a conversation alone: it takes two of three people, a reason, and an entry in the ledger.

    \b
    Examples:
      endonym break-glass setup
      endonym break-glass read c_3f0a… --reason "Help line asked: danger to life" --role "head of school" --role "data protection officer"
    """


@command.command()
@click.option("--share-files", nargs=3, type=click.Path(path_type=Path), help="Write the shares into three new files instead, each readable by you alone.")
@click.option("--replace", is_flag=True, help="Make a new key in place of the one in force, with two of its shares.")
@given.option
def setup(share_files: tuple[Path, Path, Path] | None, replace: bool, shares: tuple[Path, ...]) -> None:
    """Make the key, split it, and show each of three people their 20 words, once.

    Call the three together: people who do not report to each other, none of whom administers this machine. Servers may run meanwhile.
    Interrupted while it locks what is kept, it goes on when it is run again.
    """
    from endonym.core.canonical import digest_bytes
    from endonym.core.errors import StoreError
    from endonym.store.split import split
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    with closing(open_store(read_settings())) as store:
        show = progress()
        in_force = store.break_glass.public()
        if in_force and not replace:
            finished = store.break_glass.lock_all(lambda done, total: show(f"locking keys: {done} of {total}"))
            if not finished:
                raise StoreError(f"a break-glass key is in force already: {digest_bytes(in_force)}",
                                 remedy="To make another, give --replace and two shares of this one.")  # fmt: skip
            click.echo(f"finished: {finished} more keys locked with the one in force.")
            return
        if replace and not in_force:
            raise StoreError("expected a key to replace, found none", remedy="Leave --replace out.")
        old = given.ask(shares) if replace else None
        if old:
            store.break_glass.expect(old)
        new, words = split()
        if share_files:
            _write_all(share_files, words)
        else:
            _show_all(words)
        store.break_glass.set_up(new, old)
        locked = store.break_glass.lock_all(lambda done, total: show(f"locking keys: {done} of {total}"))
    click.echo(f"{digest_bytes(new.public)} is in force and in the ledger; {locked} keys of what is kept locked with it. Two of the three shares open them.")
    if share_files:
        click.echo("Give each file to its holder, and leave none of them on this machine.")


@command.command()
@click.argument("subject", metavar="TURN_OR_CONVERSATION")
@click.option("--reason", required=True, help="Why, in one sentence that names nobody: it stands in the public ledger, for good.")
@click.option("--role", "roles", multiple=True, help="Role of somebody who acts, such as \"head of school\"; also public. May be given twice.")
@given.option
def read(subject: str, reason: str, roles: tuple[str, ...], shares: tuple[Path, ...]) -> None:
    """Read a conversation, or one turn of it, with the shares of two holders.

    That it was read, when, why and with which shares is in the ledger, on disk, before a word is shown; whose conversation it was can be
    told only by who holds its key, and `endonym person export` tells that person. The operator's store.key is not needed.

    \b
    Examples:
      endonym break-glass read turn_0192f3 --reason "Complaint of the person concerned" --share /media/a/share --share /media/b/share
    """
    from endonym.wiring.settings import read_settings
    from endonym.wiring.state import open_store

    with closing(open_store(read_settings(), keyless=True)) as store:
        _expect_key(store)
        click.echo(f"Public for good, in the clear, so it must name nobody: {reason.strip()}", err=True)
        for turn in store.read_with(given.ask(shares), subject, reason, roles):
            _print(turn)


def _expect_key(store: Store) -> None:
    from endonym.core.errors import StoreError

    if store.break_glass.public() is None:
        raise StoreError("expected a break-glass key, found none was set up", remedy="Run `endonym break-glass setup` first.")


def _show_all(words: tuple[str, ...]) -> None:
    for number, share in enumerate(words, 1):
        _enter(f"Share {number} of {len(words)}: its holder alone looks at this screen. Press Enter.")
        listed = share.split()
        for at in range(0, len(listed), 4):
            click.echo("  " + "".join(f"{at + i + 1:>2} {word:<12}" for i, word in enumerate(listed[at : at + 4])))
        _enter("Write the words down in order; they are not shown again. Press Enter.")
        if sys.stdout.isatty():
            click.clear()
    click.confirm("Has each of the three written theirs down?", abort=True, err=True)


def _enter(text: str) -> None:
    click.echo(text, err=True)
    if not sys.stdin.readline():
        raise click.exceptions.Abort


def _write_all(paths: Sequence[Path], shares: Sequence[str]) -> None:
    """All three new files, or none."""
    from endonym.core.errors import StoreError

    made: list[Path] = []
    for path, share in zip(paths, shares, strict=True):
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                made.append(path)
                file.write(share + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            for one in made:
                one.unlink()
            raise StoreError(f"expected to make a new file, found {error.strerror}", origin=str(path),
                             remedy="Name three files that do not exist, in folders that do.") from None  # fmt: skip


def _print(turn: Turn) -> None:
    click.echo(f"── {turn.started}  {turn.id}")
    for message in turn.request.messages:
        click.echo(f"{message.role}: {_printable(message.text)}")
    click.echo(f"reply: {_printable(turn.reply)}\n")


def _printable(text: str) -> str:
    """Without what would steer a terminal: people write what they like."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "�" for sign in text)
