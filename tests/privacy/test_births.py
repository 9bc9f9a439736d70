from __future__ import annotations

import pytest

from endonym.core.clock import today
from endonym.privacy import Masker, find


def births(text: str) -> list[str]:
    return [found.text for found in find(text) if found.kind == "birth"]


@pytest.mark.parametrize(("text", "date"), [
    ("Ma olen sündinud 12. märtsil 2009 Tartus", "12. märtsil 2009"), ("sünniaeg: 12.03.2009", "12.03.2009"), ("I was born on March 12, 2009.", "March 12, 2009"),
    ("DOB 12/3/2009", "12/3/2009"), ("Я родилась 12 марта 2009 года", "12 марта 2009"), ("2009 жылы 12 наурызда туғанмын", "2009 жылы 12 наурызда"),
    ("ولدت في ١٢ تشرين الأول ٢٠٠٩", "١٢ تشرين الأول ٢٠٠٩"), ("Saya lahir pada 12 Mac 2009", "12 Mac 2009"), ("我2009年3月12日出生", "2009年3月12日"),
    ("நான் 12 மார்ச் 2009 அன்று பிறந்தேன்", "12 மார்ச் 2009"), ("My mother was born on 1 May 1980", "1 May 1980"), ("Sõber on sündinud 2009-03-12", "2009-03-12"),
])  # fmt: skip
def test_dates_of_birth_in_many_languages(text: str, date: str) -> None:
    assert births(text) == [date]


def test_a_pupil_s_date_beside_a_name_or_another_item_is_a_birth() -> None:
    assert Masker("KZ", (), ("Айгүл Сериков",)).mask("1. Айгүлмен, 2009-03-12") == "1. ⟦name-1⟧мен, ⟦birth-1⟧"
    assert births("mari@kool.ee ja 12.03.2009") == ["12.03.2009"]
    assert births("Sõda algas 2. mail 1990. Mina sündisin 12.03.2009") == ["12.03.2009"]


@pytest.mark.parametrize("text", [
    "Tartu rahu sõlmiti 2. veebruaril 1920", "Lennart Meri sündis 29. märtsil 1929", "Barack Obama was born on August 4, 1961", "Newton was born on 25 December 1642",
    "Пушкин родился 6 июня 1799 года", "鲁迅生于1881年9月25日", "the exam is on 12.03.2026", "born to run, 2009 copies",
    f"I was born on 1 May {today().year + 1}",
])  # fmt: skip
def test_dates_of_history_and_other_days_stay(text: str) -> None:
    assert births(text) == []
