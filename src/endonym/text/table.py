"""Tables that people open in a spreadsheet, which takes some texts for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def computes(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula. Source: OWASP, CSV Injection."""
    return cell.lstrip(" ").startswith(_FORMULA)


def guarded(cell: str) -> str:
    """A cell that is shown as it stands, and never computed."""
    return f"'{cell}" if computes(cell) else cell


def to_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV, each cell guarded."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([guarded(cell) for cell in row] for row in rows)
    return stream.getvalue()
