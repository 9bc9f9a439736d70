"""`endonym schema`: JSON Schemas of a pack's files, for editors."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="schema")
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), default=Path("schemas"), show_default=True,
              help="Folder to write the schemas into.")  # fmt: skip
def command(output: Path) -> None:
    """Write a JSON Schema for each kind of file in a pack. docs/editors.md shows how an editor uses them.

    \b
    Examples:
      endonym schema
      endonym schema -o ~/packs/schemas
    """
    from endonym.core.errors import RequestError
    from endonym.pack.schema import schemas

    try:
        output.mkdir(parents=True, exist_ok=True)
        for name, text in schemas().items():
            (output / name).write_text(text, "utf-8")
            click.echo(output / name)
    except OSError as error:
        raise RequestError(f"{output}: cannot be written: {error.strerror}", param="-o", remedy="Name a folder that you may write to.") from None
