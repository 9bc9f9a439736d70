"""Whether two adaptations meet, and whether their checks can both pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from endonym.pack.adaptations import Adaptation


def overlap(one: Adaptation, other: Adaptation) -> bool:
    """Whether some turn exists in which both apply."""
    audiences = not one.audience or not other.audience or bool(set(one.audience) & set(other.audience))
    shared = set(one.applies) & set(other.applies)
    return audiences and all(set(one.applies[key]) & set(other.applies[key]) for key in shared)


def meeting(rules: Sequence[Adaptation]) -> Iterator[tuple[Adaptation, Adaptation]]:
    """(earlier, later) for each two of `rules` that some turn meets together.

    Adaptations for different subjects never meet, so each is compared only with those of its subjects and with those
    for every subject: the number of pairs grows with the rules that can meet, not with the square of all.
    """
    shelves: dict[str, list[Adaptation]] = {}
    everywhere: list[Adaptation] = []
    for later in rules:
        subjects = later.applies.get("subject", ())
        near = {id(r): r for subject in subjects for r in shelves.get(subject, ())} if subjects else {
            id(r): r for shelf in shelves.values() for r in shelf}  # fmt: skip
        for earlier in (*everywhere, *near.values()):
            if overlap(earlier, later):
                yield earlier, later
        for subject in subjects:
            shelves.setdefault(subject, []).append(later)
        if not subjects:
            everywhere.append(later)


def exclusive(use: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Why no reply passes both checks of the verifier `use`, or "" where one may."""
    decide = _DECIDERS.get(use)
    return decide(one, other) or decide(other, one) if decide else ""


def wider(use: str, below: Mapping[str, Any], above: Mapping[str, Any]) -> str:
    """What the check `above` lets pass that the check `below` of the same verifier forbids, or ""."""
    for name, narrower in _NARROWER.get(use, {}).items():
        mine, theirs = above.get(name), below.get(name)
        if mine is not None and theirs is not None and narrower(mine, theirs) != mine:
            return f"{name} {mine} against {theirs} below"
    if use == "language":
        extra = set(above.get("allowed", ())) - set(below.get("allowed", ()))
        if below.get("allowed") and extra:
            return f"the further language(s) {', '.join(sorted(extra))}"
    return ""


_NARROWER: Mapping[str, Mapping[str, Callable[[Any, Any], Any]]] = {
    "length": {"max_words": min},
    "questions": {"max": min, "min": max},
    "citation": {"min": max},
    "giveaway": {"attempts": max},
    "reading_level": {"max": min},
}
"""For each option of a verifier that can be compared, what tells the narrower of two values."""


def _language(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    mine, theirs = ([*options.get("allowed", ())] for options in (one, other))
    mine, theirs = (
        allowed[:1] if options.get("policy") == "fixed" else allowed for options, allowed in ((one, mine), (other, theirs))
    )
    if mine and theirs and not set(mine) & set(theirs):
        return f"the languages {', '.join(mine)} against {', '.join(theirs)}"
    return ""


def _address(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    if one.get("language") == other.get("language") and one.get("form") != other.get("form"):
        return f"{one.get('form')} against {other.get('form')} address in {one.get('language')}"
    return ""


def _terms(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    if one.get("language") != other.get("language"):
        return ""
    forbidden = {str(term).casefold() for term in one.get("forbidden", ())}
    required = {str(term).casefold() for term in other.get("required", ())}
    if required and required <= forbidden:
        return f"{', '.join(sorted(required))} both required and forbidden"
    return ""


def _questions(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    if one.get("min") is not None and other.get("max") is not None and one["min"] > other["max"]:
        return f"at least {one['min']} question(s) against at most {other['max']}"
    return ""


_DECIDERS = {"language": _language, "address": _address, "terms": _terms, "questions": _questions}
