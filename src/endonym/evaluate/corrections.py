"""Teachers' corrections as evaluation cases, in the pack's own format, so that nothing which was mended comes back unseen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from endonym.store.corrections import Correction

_WIDTH = 100
_WORDS = {
    "wrong_fact": "a wrong fact", "gave_answer": "gave away the answer", "wrong_language": "the wrong language",
    "off_curriculum": "not on the curriculum", "unkind": "unkind", "other": "something else",
}  # fmt: skip


def said(correction: Correction) -> str:
    """What was wrong, in words."""
    return ", ".join(_WORDS[kind] for kind in correction.kinds)


def to_cases(corrections: Iterable[Correction], languages: tuple[str, ...]) -> str:
    """A file of `cases/`. What no machine can judge, such as a better reply, stands above its case as a comment for people.

    Args:
        languages: Those of the pack.
    """
    return "\n".join(_written(correction, languages) for correction in corrections)


def _written(correction: Correction, languages: tuple[str, ...]) -> str:
    case: dict[str, Any] = {"id": correction.id, "audience": correction.audience, "language": correction.language, "turns": list(correction.asked)}
    if expected := list(_expected(correction, languages)):
        case["expect"] = expected
    if "off_curriculum" in correction.kinds:
        case["kind"] = "not_covered"
    return _comment(correction) + yaml.safe_dump([case], allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=None)


def _expected(correction: Correction, languages: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    wrong_language = "wrong_language" in correction.kinds
    language = correction.language if wrong_language else correction.reply_language
    if wrong_language:
        others = [other for other in languages if other != correction.language]
        yield {"use": "language", "with": {"policy": "fixed", "allowed": [correction.language, *others]}}
    if "gave_answer" in correction.kinds:
        yield {"use": "giveaway", "with": {"attempts": correction.attempts + 1}}
    for words in correction.must:
        yield {"use": "terms", "with": {"language": language, "required": list(words)}}
    if correction.must_not:
        yield {"use": "terms", "with": {"language": language, "forbidden": list(correction.must_not)}}


def _comment(correction: Correction) -> str:
    lines = [f"A teacher's correction of {correction.made[:10]}: {said(correction)}."]
    if correction.better:
        lines += ["A better reply, in the teacher's words:", *(f"  {' '.join(line.split())}" for line in correction.better.splitlines())]
    return "".join(f"# {line}\n" for line in lines)
