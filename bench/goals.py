"""Goals, each said met or missed beside its figure; `bench/report.py` gathers them over all benchmarks of a run."""

from __future__ import annotations

import json
import os
from pathlib import Path

RECORD = "ENDONYM_BENCH_RECORD"
"""Environment variable with the file that goals are added to, a JSON object a line."""


def goal(name: str, value: float, *, least: float | None = None, most: float | None = None, unit: str = "", decimals: int = 2) -> None:
    """Print whether `value` is at least `least`, or at most `most`, and note it down."""
    met = (least is None or value >= least) and (most is None or value <= most)
    wanted = f"at least {least:,.{decimals}f}" if least is not None else f"at most {most:,.{decimals}f}"
    print(f"{'met   ' if met else 'MISSED'}  {name}: {value:,.{decimals}f}{unit} ({wanted}{unit})")
    if path := os.environ.get(RECORD):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"goal": name, "value": round(value, 4), "least": least, "most": most, "unit": unit, "met": met}) + "\n")
