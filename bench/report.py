"""Every benchmark that fits into one sitting, one after another, and at the end all goals with what was reached.

    make bench                               # everything below, some 40 minutes on two cores
    .venv/bin/python bench/report.py turn retrieval

The record goes to bench/records/DATE.json: what machine, which commit, each goal. Figures of two machines, or of a busy one, are
not compared with each other; ratios of one run are.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from goals import RECORD

HERE = Path(__file__).resolve().parent
RUNS: dict[str, list[str]] = {
    "turn": ["turn.py"],
    "retrieval": ["retrieval.py"],
    "retrieval_scale": ["retrieval_scale.py", "10000", "100000"],
    "gateway": ["gateway.py"],
    "tutor_load": ["tutor_load.py", "--seconds", "120"],
    "personal_data": ["personal_data.py", "--speed"],
    "language_identification": ["language_identification.py"],
    "held_out": ["held_out.py"],
    "pressure": ["pressure.py"],
    "check_scale": ["check_scale.py", "200", "2000"],
}


def main() -> None:
    names = sys.argv[1:] or list(RUNS)
    if unknown := [name for name in names if name not in RUNS]:
        raise SystemExit(f"expected some of {', '.join(RUNS)}, found {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as folder:
        record, failed = Path(folder) / "goals", []
        record.touch()
        for name in names:
            print(f"\n=== {name}\n", flush=True)
            run = subprocess.run([sys.executable, HERE / RUNS[name][0], *RUNS[name][1:]], env={**os.environ, RECORD: str(record)})
            if run.returncode:
                failed.append(name)
        goals = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    print("\n=== goals\n")
    for one in goals:
        wanted = f"at least {one['least']:g}" if one["least"] is not None else f"at most {one['most']:g}"
        print(f"{'met   ' if one['met'] else 'MISSED'}  {one['goal']}: {one['value']:g}{one['unit']} ({wanted}{one['unit']})")
    print(f"\n{sum(one['met'] for one in goals)} of {len(goals)} met" + (f"; did not run to their end: {', '.join(failed)}" if failed else ""))
    moment = datetime.now(UTC)
    path = HERE / "records" / f"{moment:%Y-%m-%d-%H%M}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({
        "made": moment.isoformat(timespec="seconds"), "commit": _commit(), "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(), "ran": names, "failed": failed, "goals": goals}, indent=1) + "\n", "utf-8")  # fmt: skip
    print(f"record: {path.relative_to(HERE.parent)}")
    sys.exit(1 if failed else 0)


def _commit() -> str:
    run = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=HERE, capture_output=True, text=True)
    return run.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
