"""LO002 unknown-identifier

What it does: Finds identifiers to mask that python-stdnum does not know.

Why it matters: What is not recognised is not masked, and leaves in the clear.

Example: `identifiers = ["ee.isikukood"]`.

Use instead: A module that validates, such as `ee.ik`.

Since: 0.2.0
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for name in pack.locale.identifiers:
            if not _known(name):
                yield (
                    Place(f"{pack.folder.name}/locale.toml"),
                    f"expected a module of python-stdnum, found {name!r}",
                    f"Use one of {_near(name)}.",
                )


def _known(name: str) -> bool:
    try:
        return re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", name) is not None and hasattr(importlib.import_module(f"stdnum.{name}"), "validate")
    except ImportError:
        return False


def _near(name: str) -> str:
    try:
        package = importlib.import_module(f"stdnum.{re.sub(r'[^a-z_]', '', name.split('.')[0])}")
    except ImportError:
        return "those that python-stdnum lists for the country"
    return ", ".join(f"{package.__name__.removeprefix('stdnum.')}.{module.name}" for module in pkgutil.iter_modules(package.__path__))


RULE = Rule("LO002", "unknown-identifier", _judge)
