"""`endonym settings`: each setting, its value and where it comes from."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path

import click


@click.command(name="settings")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(form: str) -> None:
    """Show every setting. Set one in endonym.toml or as ENDONYM_<NAME>.

    \b
    Example of an endonym.toml with a model of your own:
      chain = ["ours"]
      [engines.ours]
      kind = "openai"
      base_url = "http://127.0.0.1:8000/v1"
      model = "llama-3.3-70b"
      languages = ["et", "en"]
    """
    from endonym.wiring.settings import FILE, Settings, read_settings

    settings = read_settings()
    stated = tomllib.loads(Path(FILE).read_text("utf-8")) if Path(FILE).is_file() else {}
    values = settings.model_dump(mode="json")
    rows = [
        {"name": name, "value": _without_password(values[name]),
         "origin": f"ENDONYM_{name.upper()}" if f"ENDONYM_{name.upper()}" in os.environ else FILE if name in stated else "default"}
        for name in Settings.model_fields
    ]  # fmt: skip
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['name']:<14} {json.dumps(row['value'], ensure_ascii=False):<40} {row['origin']}")


def _without_password(value: object) -> object:
    """A value as it may be shown: an address keeps its password to itself."""
    return re.sub(r"(://[^/@:\s]*):[^@/\s]+@", r"\1:***@", value) if isinstance(value, str) else value
