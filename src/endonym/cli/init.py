"""`endonym init`: a first pack for any country."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="init")
@click.argument("country")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("packs"), show_default=True,
              help="Folder that the pack's folder is made in.")  # fmt: skip
def command(country: str, output: Path) -> None:
    """Make a pack for COUNTRY (ISO 3166 code or English name) that checks without errors, with a list of what to do.

    \b
    Examples:
      endonym init KE
      endonym init "Sri Lanka" -o ~/packs
    """
    from endonym.core.clock import today
    from endonym.pack.scaffold import find_country, scaffold
    from endonym.wiring.packs import check_pack

    folder, facts = scaffold(find_country(country), output, today())
    click.secho(f"{facts.name} ({facts.code})", bold=True, nl=False)
    click.echo(f"  {folder}\n")
    for language in facts.languages[:8]:
        official = language.official.replace("_", " ") or "not official"
        click.echo(f"  {language.code:<8} {language.name:<24} {language.share:5.1f} %  {language.script or '–':<5} {official}")
    if len(facts.languages) > 8:
        click.echo(f"  and {len(facts.languages) - 8} more in locale.toml")
    click.echo(f"\n  currency {facts.currency or '–'}, week from {facts.first_weekday}, decimal mark {facts.decimal!r}, emergency {facts.emergency}")
    click.echo(f"  personal identifiers masked: {', '.join(facts.identifiers) or 'none known'}")
    report = check_pack(folder)
    click.echo(f"\n{len(report.errors)} errors; {len(report.warnings)} warnings say what only the country can: endonym check {folder}")
