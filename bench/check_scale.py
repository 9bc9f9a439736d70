"""How the checker grows: time and memory over synthetic stacks, cold in a process of its own and after a one-file change.

    .venv/bin/python bench/check_scale.py [200 1000 2000 5000]

Each stack has, for every adaptation, ten outcomes and two and a half lessons, as one of 2,000 adaptations, 20,000
outcomes and 5,000 lessons. Texts differ from one another, so nothing is won by repetition, and what language tools keep
of texts in the user's cache folder is put aside; dictionaries are there, as after `make setup`. "fork MB" is the second process that reads half of the files: it shares the
pages that it has in common with the first, so the two together take less than the sum.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from goals import goal

from endonym.core.cache import cache_folder
from endonym.wiring.packs import language_tools

LANGUAGES = ("et", "en")
ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "tests" / "tiny" / "tiny"
WORDS = ["rakk", "leht", "valgus", "vesi", "õhk", "suhkur", "hapnik", "energia", "taim", "juur", "muld", "päike", "aeg", "töö", "kool", "keel", "arv", "jõud", "mass", "kiirus", "rahvas", "riik", "leping", "sõda", "rahu", "linn", "mets", "meri", "jõgi", "tuul", "ilm", "hind", "turg", "raha", "seadus", "õigus", "kohus", "volikogu", "valimine", "ajaleht"]  # fmt: skip


def make(parent: Path, adaptations: int) -> Path:
    """A country pack of the given size, in `parent`."""
    draw = random.Random(adaptations)
    folder = Path(shutil.copytree(TINY, parent / "tiny"))
    rule = (folder / "adaptations" / "reply_in_estonian.md").read_text("utf-8")
    for number in range(adaptations):
        words = " ".join(draw.sample(WORDS, 6))
        text = rule.replace("reply_in_estonian", f"rule_{number}").replace(
            "Fotosüntees on taimede viis valgusest toitu teha. Mida sa sellest juba tead?",
            f"Mõtleme koos teema {words} üle. Mida sa sellest juba tead?",
        )
        text = text.replace("applies:", "").replace("cites: [ee-language-act-4]", f"cites: [ee-language-act-4]\napplies: {{subject: [s{number}]}}")
        (folder / "adaptations" / f"rule_{number}.md").write_text(text, "utf-8")
    rows = ["code,subject,grades,source,language,statement"]
    for number in range(adaptations * 5):
        statement = " ".join(draw.sample(WORDS, 5))
        rows += [f"S.{number},s,10,curriculum,et,selgitab mõisteid {statement}", f"S.{number},s,10,curriculum,en,explains the terms of topic {number}"]
    rows += ["X.1,biology,10,curriculum,et,selgitab fotosünteesi", "X.1,biology,10,curriculum,en,explains photosynthesis"]
    (folder / "curriculum" / "outcomes.csv").write_text("\n".join(rows) + "\n", "utf-8")
    lesson = (folder / "lessons" / "biology" / "fotosuntees.et.md").read_text("utf-8")
    for number in range(adaptations * 5 // 2):
        words = " ".join(draw.sample(WORDS, 8))
        (folder / "lessons" / "biology" / f"teema-{number}.et.md").write_text(
            lesson.replace("outcomes: [X.1]", f"outcomes: [S.{number}]").replace("Iga hingetõmme", f"Teema {words}. Iga hingetõmme"), "utf-8")
    return folder


def child(folder: Path) -> None:
    """Run in a process of its own: a cold check, then one after a one-file change; prints seconds and MB as JSON."""
    from datetime import date

    from endonym.wiring.packs import Checker

    started = perf_counter()
    checker = Checker(date(2026, 11, 24))
    report = checker.check(folder)
    cold = perf_counter() - started
    path = folder / "adaptations" / "rule_1.md"
    path.write_text(path.read_text("utf-8").replace("basis: law", "basis: norm"), "utf-8")
    started = perf_counter()
    again = checker.check(folder)
    warm = perf_counter() - started
    memory, fork = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"cold_s": cold, "changed_s": warm, "memory_mb": memory, "fork_mb": fork, "errors": len(report.errors), "errors_after": len(again.errors)}))


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]))
        return
    for language in LANGUAGES:
        language_tools().lemmas("endonym", language)
    language_tools().identify("what is this here now", LANGUAGES)
    sizes = [int(size) for size in sys.argv[1:]] or [200, 1000, 2000, 5000]
    print(f"{'adaptations':>11} {'outcomes':>9} {'lessons':>8} {'cold s':>8} {'ms each':>8} {'changed s':>10} {'MB':>6} {'fork MB':>8}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as parent:
            folder = make(Path(parent), size)
            for known in ("dictionaries", "models"):
                (Path(parent) / "endonym").mkdir(exist_ok=True)
                (Path(parent) / "endonym" / known).symlink_to(cache_folder() / known)
            run = subprocess.run([sys.executable, __file__, "--child", str(folder)], capture_output=True, text=True, check=True,
                                 env=os.environ | {"XDG_CACHE_HOME": parent})
            row = json.loads(run.stdout.strip().splitlines()[-1])
            assert row["errors"] == 0, row
            print(f"{size:>11,} {size * 10:>9,} {size * 5 // 2:>8,} {row['cold_s']:>8.2f} {1000 * row['cold_s'] / size:>8.2f} "
                  f"{row['changed_s']:>10.2f} {row['memory_mb']:>6.0f} {row['fork_mb']:>8.0f}")
            if size == 2000:
                goal("check of 2,000 adaptations, cold", row["cold_s"], most=10, unit=" s", decimals=1)
                goal("check of 2,000 adaptations, after a change", row["changed_s"], most=1, unit=" s")


if __name__ == "__main__":
    main()
