"""The comparison of several packs as one page."""

from __future__ import annotations

from endonym.pack.comparison import Comparison
from endonym.publish.alone import render_alone


def comparison_page(found: Comparison) -> bytes:
    """HTML in UTF-8 that needs no other file; the same comparison gives the same bytes."""
    kinds = [(kind, title, [row for row in found.rows if row.kind == kind])
             for kind, title in (("topic", "Topics"), ("section", "Sections of the base spec"))]  # fmt: skip
    return render_alone("comparison.html", found=found, kinds=kinds)
