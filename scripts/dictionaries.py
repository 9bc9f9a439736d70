"""Prepares the dictionaries of the languages of the packs here, so that nobody waits for them later: some 10 s, once on a machine."""

from __future__ import annotations

import tomllib
from pathlib import Path

from endonym.wiring.packs import language_tools

PACKS = Path(__file__).parents[1] / "packs"


def main() -> None:
    tools = language_tools()
    languages = {language for pack in PACKS.glob("*/pack.toml") for language in tomllib.loads(pack.read_text("utf-8")).get("languages", ())}
    for language in sorted(languages):
        tools.lemmas("endonym", language)
    tools.identify("what is this here now", sorted(languages))


if __name__ == "__main__":
    main()
