"""The differences between two versions of a pack as one page."""

from __future__ import annotations

from itertools import groupby

from endonym.pack.differences import PackDifferences, shortened
from endonym.pack.parts import GROUPS
from endonym.pack.stack import PackStack
from endonym.publish.alone import render_alone


def differences_page(found: PackDifferences, old: PackStack, new: PackStack) -> bytes:
    """HTML in UTF-8 that needs no other file; the same differences give the same bytes."""
    groups = [
        (group, [(key, list(changes)) for key, changes in groupby(found.of(group), lambda c: (c.pack, c.kind, c.id))]) for group in GROUPS
    ]
    return render_alone("differences.html", found=found, groups=groups, old=old.top.manifest, new=new.top.manifest, shortened=shortened)
