"""`endonym publish`: the public site of a bundle."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="publish")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the site.")
@click.option("--evaluation", "evaluations", multiple=True, type=click.Path(path_type=Path),
              help="Result record of `endonym eval` (default: <id>.evaluation.json where it exists).")  # fmt: skip
def command(bundle: Path, output: Path, evaluations: tuple[Path, ...]) -> None:
    """Write the public site: every change, its reason, its source and the evaluation.

    \b
    Example:
      endonym build packs/estonia-upper-secondary -o ee.bundle
      endonym publish ee.bundle -o site/
    """
    from endonym.bundle import read_bundle
    from endonym.publish import write_site
    from endonym.records import read_record

    read = read_bundle(bundle)
    usual = Path(f"{read.id}.evaluation.json")
    paths = evaluations or ((usual,) if usual.is_file() else ())
    records = [read_record(path) for path in paths]
    files = write_site(read, output, records)
    click.echo(f"{len(files)} files in {output}; open {output / 'index.html'}")
    for path, record in zip(paths, records, strict=True):
        if record.digest != read.digest:
            click.echo(f"{path} was made with another bundle ({record.version}) and is not shown.", err=True)
