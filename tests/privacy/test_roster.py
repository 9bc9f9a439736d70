from __future__ import annotations

import pytest

from endonym.privacy import Masker, Roster

CLASS = ("Mari Tamm", "Jaan-Erik Kask", "Мария Иванова", "Данияр Омаров", "Nur binti Hassan", "陈小明", "سامر الخطيب", "குமார் செல்வம்", "Li")


def names(text: str) -> list[str]:
    return [text[span.start : span.end] for span in Roster(CLASS).find(text)]


@pytest.mark.parametrize(("text", "found"), [
    ("Mari Tamm tuli. MARI ka.", ["Mari Tamm", "MARI"]), ("Marile ja Mariga", ["Mari", "Mari"]), ("Mari Tammele", ["Mari Tamm"]),
    ("Jaan-Erikule, Jaanile", ["Jaan-Erik", "Jaan"]), ("Mari’s and Mari's", ["Mari", "Mari"]), ("Марии и Мария", ["Марии", "Мария"]),
    ("Данияр Омаровке айт, Даниярға", ["Данияр Омаров", "Данияр"]), ("Nur Hassan", ["Nur Hassan"]), ("我和陈小明去", ["陈小明"]),
    ("قال سامر الخطيب لسامر", ["سامر الخطيب", "سامر"]), ("குமாருக்கு", ["குமாருக்கு"]), ("Li ütles", ["Li"]),
    ("('Mari', 9)", ["Mari"]), ("'Mari Tamm'", ["Mari Tamm"]),
])  # fmt: skip
def test_names_with_endings(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize("text", ["mari on punane", "tamm ja kask", "Marika", "Jaanuar", "Marimetsa", "Марианна", "bin", "Kaskede all",
                                  "https://et.wikipedia.org/wiki/Mari", "Liisi", "小明", "user_Mari1"])  # fmt: skip
def test_common_words_and_other_names_survive(text: str) -> None:
    assert names(text) == []


def test_a_reply_may_put_another_ending_to_the_placeholder() -> None:
    masker = Masker("EE", (), CLASS)
    assert masker.mask("Rääkisin Marile") == "Rääkisin ⟦name-1⟧le"


def test_an_empty_roster_finds_nothing() -> None:
    assert Roster(()).find("Mari Tamm") == ()
