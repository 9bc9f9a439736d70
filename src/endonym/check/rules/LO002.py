"""LO002 unknown-identifier

What it does: Finds identifiers to mask that neither python-stdnum nor this project has a plan for.

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
from endonym.privacy import identifier_plan, own_plans


def _judge(subject: Subject) -> Iterator[Found]:
    for pack in subject.stack.packs:
        for name in pack.locale.identifiers:
            if not hasattr(identifier_plan(name), "is_valid"):
                yield (
                    Place(f"{pack.folder.name}/locale.toml"),
                    f"expected a module of python-stdnum, found {name!r}",
                    f"Use one of {_near(name)}.",
                )


def _near(name: str) -> str:
    own = own_plans(name.partition(".")[0])
    try:
        package = importlib.import_module(f"stdnum.{re.sub(r'[^a-z_]', '', name.split('.')[0])}")
    except ImportError:
        return ", ".join(own) or "those that python-stdnum lists for the country"
    return ", ".join((*own, *(f"{package.__name__.removeprefix('stdnum.')}.{module.name}" for module in pkgutil.iter_modules(package.__path__))))


RULE = Rule("LO002", "unknown-identifier", _judge)
