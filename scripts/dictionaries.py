"""Prepares dictionaries, so that nobody waits for them later: some 10 s, once on a machine.

    .venv/bin/python scripts/dictionaries.py [LANGUAGE ...]

Without languages those of the packs here.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from endonym.wiring.packs import language_tools

PACKS = Path(__file__).parents[1] / "packs"


def main() -> None:
    tools = language_tools()
    languages = set(sys.argv[1:]) or {language for pack in PACKS.glob("*/pack.toml") for language in tomllib.loads(pack.read_text("utf-8")).get("languages", ())}
    for language in sorted(languages):
        tools.lemmas("endonym", language)
    tools.identify("what is this here now", sorted(languages))


if __name__ == "__main__":
    main()
