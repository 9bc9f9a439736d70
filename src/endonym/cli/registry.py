"""`endonym registry`: publish packs into a folder that others take them from, and see what is published."""

from __future__ import annotations

import json
from pathlib import Path

import click

from endonym.cli.progress import progress


@click.group(name="registry")
def command() -> None:
    """Registries: folders, or web addresses of such folders, that packs are taken from.

    \b
    Examples:
      endonym registry add registry/ packs/eu packs/estonia
      endonym registry list registry/
    """


@command.command()
@click.argument("registry", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("folders", metavar="PACK...", nargs=-1, required=True, type=click.Path(path_type=Path))
def add(registry: Path, folders: tuple[Path, ...]) -> None:
    """Publish packs into the registry in DIR, all or none. Only packs that check without errors; a version once published
    is never replaced.

    \b
    Examples:
      endonym registry add registry/ packs/eu packs/estonia
    """
    from endonym.core.errors import PackError, RequestError
    from endonym.pack.load import load
    from endonym.pack.manifest import extended_id
    from endonym.pack.registry import publish
    from endonym.wiring.packs import check_pack, readers
    from endonym.wiring.registry import Registry

    if ":/" in str(registry):
        raise RequestError(f"expected a folder, found the address {str(registry)!r}", param="DIR",
                           remedy="Publish into a folder and put that folder on the web.")  # fmt: skip
    for folder in folders:
        errors = check_pack(folder, progress=progress()).errors
        if errors:
            raise PackError(f"{folder.name} has {len(errors)} error(s) and cannot be published; the first: {errors[0].code} {errors[0].message}",
                            origin=str(errors[0].span), remedy=f"`endonym check {folder}` lists them all.")  # fmt: skip
    published = publish(registry, [load(folder.resolve(), readers()) for folder in folders])
    for done in published:
        click.echo(f"{done.id} {done.version}  {'published' if done.new else 'unchanged'}  {done.release.digest}")
    known = Registry(str(registry)).index().packs
    missing = sorted({extended_id(item) for done in published for item in done.release.extends} - set(known))
    if missing:
        click.echo(f"Not in this registry, but extended: {', '.join(missing)}. Whoever has no folder of it cannot use these packs.", err=True)


@command.command(name="list")
@click.argument("address", metavar="DIR|URL")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def listing(address: str, form: str) -> None:
    """What is published in a registry: each pack, each version, the highest first.

    \b
    Examples:
      endonym registry list registry/
      endonym registry list https://packs.example.org --format json
    """
    from endonym.wiring.registry import Registry

    index = Registry(address, progress(quiet_off_terminal=True)).index()
    rows = [{"id": pack_id, "version": version, **index.packs[pack_id][version].model_dump(mode="json")}
            for pack_id in sorted(index.packs) for version in index.versions(pack_id)]  # fmt: skip
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max((len(row["id"]) for row in rows), default=0)
    for row in rows:
        extends = f"extends {', '.join(row['extends'])}" if row["extends"] else ""
        click.echo(f"{row['id']:<{width}}  {row['version']:<10} {row['layer']:<8} {row['digest'][:19]}…  {extends}".rstrip())
    click.echo(f"\n{len(rows)} version(s) of {len(index.packs)} pack(s) in {address}")
