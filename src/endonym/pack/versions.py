"""Which versions of packs go together: one of each, the highest that fits every range of the stack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from endonym.core.errors import PackError
from endonym.pack.manifest import Manifest, extended_id, version_fits

MAX_PACKS = 50
MAX_STEPS = 20_000

Origin = Literal["sibling", "registry"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version of a pack that may be chosen.

    Attributes:
        digest: Of the pack (`endonym.pack.archive.digest_files`).
        origin: A folder beside the pack whose stack this is, or the registry.
    """

    id: str
    version: str
    extends: tuple[str, ...]
    digest: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class _Wish:
    who: str
    requirement: str

    def __str__(self) -> str:
        return f"{self.who} wants {self.requirement.removeprefix(extended_id(self.requirement)).strip() or 'any version'}"


def choose_versions(top: Manifest, find: Callable[[str], Sequence[Candidate]]) -> tuple[Candidate, ...]:
    """The packs that `top` extends, directly or through others, sorted by id.

    Args:
        find: The candidates for an id, in the order of preference.

    Raises:
        PackError: No choice fits every range; the message says who wants what, and what there is.
    """
    own = Candidate(top.id, top.version, top.extends, "", "sibling")
    chosen = _Search(find).extend({top.id: own}, _wishes(own))
    return tuple(chosen[pack_id] for pack_id in sorted(chosen) if pack_id != top.id)


def _wishes(candidate: Candidate) -> tuple[_Wish, ...]:
    return tuple(_Wish(f"{candidate.id} {candidate.version}", requirement) for requirement in candidate.extends)


class _Conflict(Exception):
    def __init__(self, error: PackError) -> None:
        super().__init__(str(error))
        self.error = error


class _Search:
    """Depth first: each open wish takes its best candidate, and goes back to the next one where a later wish cannot be met."""

    def __init__(self, find: Callable[[str], Sequence[Candidate]]) -> None:
        self._find = find
        self._known: dict[str, Sequence[Candidate]] = {}
        self._steps = 0

    def extend(self, chosen: dict[str, Candidate], wishes: tuple[_Wish, ...]) -> dict[str, Candidate]:
        try:
            return self._extend(chosen, wishes, 0)
        except _Conflict as conflict:
            raise conflict.error from None

    def _extend(self, chosen: dict[str, Candidate], wishes: tuple[_Wish, ...], at: int) -> dict[str, Candidate]:
        """`wishes` before `at` are met by `chosen`. Of several conflicts, the one of the best candidates is told."""
        self._steps += 1
        if self._steps > MAX_STEPS or len(chosen) > MAX_PACKS:
            raise PackError(f"expected at most {MAX_PACKS} packs and few versions of each, found more", origin=next(iter(chosen)),
                            remedy="Narrow the ranges in `extends`.")  # fmt: skip
        while at < len(wishes) and (met := chosen.get(extended_id(wishes[at].requirement))):
            if not version_fits(wishes[at].requirement, met.version):
                raise _Conflict(self._explain(met.id, wishes))
            at += 1
        if at == len(wishes):
            return chosen
        wanted = extended_id(wishes[at].requirement)
        first: _Conflict | None = None
        for candidate in self._candidates(wanted):
            if version_fits(wishes[at].requirement, candidate.version):
                try:
                    return self._extend({**chosen, wanted: candidate}, (*wishes, *_wishes(candidate)), at + 1)
                except _Conflict as conflict:
                    first = first or conflict
        raise first or _Conflict(self._explain(wanted, wishes))

    def _candidates(self, pack_id: str) -> Sequence[Candidate]:
        if pack_id not in self._known:
            self._known[pack_id] = self._find(pack_id)
        return self._known[pack_id]

    def _explain(self, pack_id: str, wishes: Sequence[_Wish]) -> PackError:
        wants = "; ".join(dict.fromkeys(str(wish) for wish in wishes if extended_id(wish.requirement) == pack_id))
        there = self._candidates(pack_id)
        if not there:
            return PackError(f"{pack_id}: expected it beside this pack or in the registry, found neither ({wants})", origin="extends",
                             remedy="Put its folder beside this one, name the registry that has it, or correct `extends`.")  # fmt: skip
        found = ", ".join(f"{candidate.version} ({_PLACES[candidate.origin]})" for candidate in there[:12])
        return PackError(f"{pack_id}: no version fits everybody: {wants}; found {found}", origin="extends",
                         remedy="Change a range in `extends`, or publish a version that fits.")  # fmt: skip


_PLACES = {"sibling": "the folder beside this one", "registry": "registry"}
