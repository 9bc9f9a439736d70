"""`endonym lock`: choose the versions that a pack's stack is made of, and write them down."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.wiring.settings import Settings


@click.command(name="lock")
@click.argument("folder", metavar="PACK", type=click.Path(path_type=Path))
@click.option("--registry", metavar="DIR|URL", help="Folder or http(s) address of a registry (default: the setting `registry`).")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 where pack.lock is not current.")
def command(folder: Path, registry: str | None, only_check: bool) -> None:
    """Find the packs that PACK extends, beside it first, then in the registry, and write pack.lock into its folder.

    Of each pack the highest version that fits every range is taken, and kept for work without a network.

    \b
    Examples:
      endonym lock packs/estonia-upper-secondary
      endonym lock packs/estonia-upper-secondary --registry https://packs.example.org
      endonym lock packs/estonia-upper-secondary --check
    """
    from endonym.pack.lock import write_lock
    from endonym.wiring.registry import Registry, make_lock
    from endonym.wiring.settings import read_settings

    settings = read_settings(registry=registry)
    if only_check:
        _check(folder, settings)
        return
    source = Registry(settings.registry, progress()) if settings.registry else None
    lock = make_lock(folder, source, settings.state)
    for entry in lock.pack:
        click.echo(f"{entry.id} {entry.version}  {entry.origin:<8}  {entry.digest}")
    changed = write_lock(lock, folder)
    click.echo(f"{folder / 'pack.lock'}: {len(lock.pack)} pack(s), {'written' if changed else 'unchanged'}")


def _check(folder: Path, settings: Settings) -> None:
    """Current is a lock that still fits: newer versions in the registry do not make it outdated, changes here do."""
    from endonym.check import CheckReport, to_text
    from endonym.core.clock import today
    from endonym.core.errors import PackError
    from endonym.wiring.packs import read_stack

    if not (folder / "pack.lock").is_file():
        raise PackError("expected a pack.lock, found none", origin=str(folder), remedy=f"Run `endonym lock {folder}`.")
    stack = read_stack(folder, settings, progress())
    found = tuple(d for d in stack.diagnostics if d.span.file == f"{folder.resolve().name}/pack.lock")
    if found:
        click.echo(to_text(CheckReport(found, today(), tuple(pack.manifest.id for pack in stack.packs)), colour=sys.stdout.isatty()))
        raise click.exceptions.Exit(1)
    click.echo(f"{folder / 'pack.lock'}: current")
