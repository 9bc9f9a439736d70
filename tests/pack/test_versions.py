"""Choosing versions: the highest that fits everybody, or who wants what."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.core.errors import PackError
from endonym.pack.manifest import Manifest, extended_id, version_fits
from endonym.pack.versions import Candidate, Origin, choose_versions

Universe = dict[str, dict[str, tuple[str, ...]]]
"""{id: {version: extends}}."""


def top(*extends: str) -> Manifest:
    return Manifest(format=1, id="top", version="1.0.0", layer="class", status="illustrative", extends=extends,
                    base_spec="endonym-base", jurisdiction="EE", languages=("et",), default_language="et", licence="CC0-1.0",
                    maintainers=("x",), title={}, description={})  # fmt: skip


def chosen(universe: Universe, *extends: str, origin: Origin = "registry") -> dict[str, str]:
    def find(pack_id: str) -> Sequence[Candidate]:
        versions = universe.get(pack_id, {})
        return [Candidate(pack_id, v, versions[v], "", origin) for v in sorted(versions, reverse=True)]

    return {candidate.id: candidate.version for candidate in choose_versions(top(*extends), find)}


def test_the_highest_version_that_fits_every_range() -> None:
    universe: Universe = {"eu": {"0.1.0": (), "0.2.0": (), "1.0.0": ()}, "estonia": {"0.1.0": ("eu >=0.1,<0.3",)}}
    assert chosen(universe, "estonia") == {"estonia": "0.1.0", "eu": "0.2.0"}
    assert chosen(universe, "eu >=0.1", "estonia") == {"estonia": "0.1.0", "eu": "0.2.0"}
    assert chosen(universe, "eu") == {"eu": "1.0.0"}
    assert chosen(universe) == {}


def test_an_older_version_is_taken_where_the_newest_goes_with_nobody() -> None:
    universe: Universe = {
        "estonia": {"0.2.0": ("eu >=0.5",), "0.1.0": ("eu >=0.1",)},
        "network": {"0.1.0": ("eu <0.5",)},
        "eu": {"0.1.0": (), "0.6.0": ()},
    }
    assert chosen(universe, "estonia", "network") == {"estonia": "0.1.0", "eu": "0.1.0", "network": "0.1.0"}


def test_a_conflict_is_explained() -> None:
    universe: Universe = {
        "estonia": {"0.1.0": ("eu >=0.2,<1",)},
        "network": {"0.3.0": ("eu <0.2",)},
        "eu": {"0.1.0": (), "0.2.0": ()},
    }
    with pytest.raises(PackError) as caught:
        chosen(universe, "estonia >=0.1", "network")
    assert caught.value.message == (
        "eu: no version fits everybody: estonia 0.1.0 wants >=0.2,<1; network 0.3.0 wants <0.2; "
        "found 0.2.0 (registry), 0.1.0 (registry)"
    )
    assert caught.value.remedy == "Change a range in `extends`, or publish a version that fits."


def test_a_sibling_that_does_not_fit_is_named_as_such() -> None:
    with pytest.raises(PackError, match=r"top 1\.0\.0 wants >=2; found 1\.5\.0 \(the folder beside this one\)"):
        chosen({"eu": {"1.5.0": ()}}, "eu >=2", origin="sibling")


def test_a_pack_that_nobody_has_names_who_wants_it() -> None:
    with pytest.raises(PackError, match=r"eu: expected it beside this pack or in the registry, found neither \(estonia 0\.1\.0 wants any version\)"):
        chosen({"estonia": {"0.1.0": ("eu",)}}, "estonia")


def test_circles_end() -> None:
    assert chosen({"a": {"0.1.0": ("b",)}, "b": {"0.1.0": ("a", "top")}}, "a") == {"a": "0.1.0", "b": "0.1.0"}


def test_an_index_made_to_keep_readers_busy_is_given_up() -> None:
    chain: Universe = {f"p{n}": {"0.1.0": (f"p{n + 1}",)} for n in range(10_000)}
    with pytest.raises(PackError, match="at most 50 packs"):
        chosen(chain, "p0")
    maze: Universe = {f"m{n}": {f"0.{v}.0": (f"m{n + 1}",) for v in range(20)} for n in range(20)} | {"m20": {"0.1.0": ("none",)}}
    with pytest.raises(PackError, match="few versions of each"):
        chosen(maze, "m0")


ids = ("a", "b", "c")
ranges = st.sampled_from(["", " >=2", " <2", " >=2,<3", " =1", " !=3"])
wishes = st.lists(st.tuples(st.sampled_from(ids), ranges).map("".join), max_size=2, unique=True).map(tuple)
universes = st.fixed_dictionaries({name: st.dictionaries(st.sampled_from(["1.0.0", "2.0.0", "3.0.0"]), wishes, max_size=3) for name in ids})


@settings(max_examples=400, deadline=None)
@given(universe=universes, own=wishes)
def test_a_choice_is_found_exactly_where_there_is_one(universe: Universe, own: tuple[str, ...]) -> None:
    def fits(choice: dict[str, str]) -> bool:
        wanted = [own, *(universe[name][version] for name, version in choice.items())]
        return all(extended_id(w) in choice and version_fits(w, choice[extended_id(w)]) for ws in wanted for w in ws)

    options = [[None, *universe[name]] for name in ids]
    possible = [{n: v for n, v in zip(ids, pick, strict=True) if v} for pick in product(*options)]
    try:
        found = chosen(universe, *own)
    except PackError as error:
        assert not any(map(fits, possible)), error
    else:
        assert fits(found)
        reached = {extended_id(w) for w in own} | {extended_id(w) for n, v in found.items() for w in universe[n][v]}
        assert set(found) == reached
