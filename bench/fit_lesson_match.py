"""Fit the weights in `endonym.retrieval.prompts` by logistic regression.

    pack="bench/phrasings_pack.yaml --pack packs/estonia-upper-secondary"
    .venv/bin/python bench/lesson_match.py $pack --features /tmp/all.jsonl
    .venv/bin/python bench/lesson_match.py $pack --leave-out --features /tmp/out.jsonl
    .venv/bin/python bench/fit_lesson_match.py /tmp/all.jsonl /tmp/out.jsonl

(Without `$pack`, which asks the trial library, and with `--words` in every line: the weights without an embedder.)

Each phrasing counts once for the target it means (or, where it means none, for its five most tempting candidates) and
once for the five most tempting wrong ones. Weights are kept from growing by L2, so that new lessons behave alike.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEATURES = ("margin", "nearer", "overlap", "term", "told", "said", "unheard")
WORDS_FEATURES = ("overlap", "term", "said", "unheard")
_L2 = 0.3
_TEMPTING = 5

Floats = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", type=Path, nargs="+", help="several files: the same phrasings on other indexes")
    parser.add_argument("--words", action="store_true")
    arguments = parser.parse_args()
    names = WORDS_FEATURES if arguments.words else FEATURES
    by_phrasing: dict[tuple[Path, int], list[dict[str, Any]]] = defaultdict(list)
    for file in arguments.features:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            if not row["exact"] and row["family"] != "outcome":
                by_phrasing[file, row["phrasing"]].append(row)
    features, labels, weights, folds = [], [], [], []
    for (_, number), candidates in by_phrasing.items():
        wanted = candidates[0]["expect"].split("|")
        right = [c for c in candidates if f"{c['family']}:{c['target']}" in wanted]
        wrong = sorted((c for c in candidates if c not in right), key=lambda c: -tempting(c, names))[:_TEMPTING]
        for chosen, label, weight in ((right, 1.0, 1.0), (wrong, 0.0, 1.0)):
            for candidate in chosen:
                features.append([candidate[name] for name in names])
                labels.append(label)
                weights.append(weight / len(chosen))
                folds.append(number % 5)
    x, y, w, fold = np.array(features), np.array(labels), np.array(weights), np.array(folds)
    fitted = fit(x, y, w)
    print(f"bias {fitted[-1]:.2f}", *(f"{name} {value:.2f}" for name, value in zip(names, fitted, strict=False)))
    held = []
    for part in range(5):
        trained = fit(x[fold != part], y[fold != part], w[fold != part])
        held.append((predict(x[fold == part], trained) >= 0.5) == (y[fold == part] == 1))
    print(f"candidates right, five-fold: {np.concatenate(held).mean():.3f}")


def tempting(candidate: dict[str, Any], names: tuple[str, ...]) -> float:
    return float(sum(candidate[name] for name in names if name != "unheard") - candidate["unheard"])


def predict(x: Floats, weights: Floats) -> Floats:
    answer: Floats = 1 / (1 + np.exp(-(np.c_[x, np.ones(len(x))] @ weights)))
    return answer


def fit(x: Floats, y: Floats, w: Floats) -> Floats:
    """Newton's method on the weighted log-likelihood; the bias comes last and is not shrunk."""
    x = np.c_[x, np.ones(len(x))]
    weights = np.zeros(x.shape[1])
    shrink = np.diag([_L2] * (x.shape[1] - 1) + [0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-(x @ weights)))
        gradient = x.T @ (w * (y - p)) - shrink @ weights
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + shrink + 1e-6 * np.eye(len(weights))
        step = np.linalg.solve(hessian, gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-6:
            break
    return weights


if __name__ == "__main__":
    main()
