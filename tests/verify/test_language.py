from __future__ import annotations

import pytest

from tests.verify.replies import judge

FIXED = {"policy": "fixed", "allowed": ["et", "en", "ru"]}


@pytest.mark.parametrize("reply", [
    "Taimed toodavad valguse abil suhkrut. CO2 ja H2O on lähteained.",
    "Homo sapiens ja Canis lupus familiaris on liigid, mida siin võrreldakse.",
    "Liigid: Homo sapiens, Canis lupus, Felis catus, Quercus robur, Pinus sylvestris, Betula pendula.",
    "„Les plantes fabriquent du sucre avec de l'eau et du gaz.“ on prantsuskeelne lause.",
    "Ok. Yes! Mõtle edasi.",
])  # fmt: skip
def test_replies_in_the_language(reply: str) -> None:
    assert judge("language", reply, reply_language="et", **FIXED).passed


@pytest.mark.parametrize(("reply", "found"), [
    ("Taimed toodavad suhkrut. Plants make sugar with the help of light.", "en"),
    ("Растения на свету образуют сахар.", "ru"),
    ("Kasvit valmistavat valossa sokeria vedestä ja hiilidioksidista.", "fi"),
    ("Les plantes fabriquent du sucre avec de l'eau et du gaz carbonique.", "fr"),
    ("Рослини на світлі утворюють цукор із води та вуглекислого газу.", "uk"),
])  # fmt: skip
def test_replies_in_another_language_of_the_stack_or_of_none(reply: str, found: str) -> None:
    outcome = judge("language", reply, reply_language="et", **FIXED)
    assert (outcome.passed, outcome.evidence) == (False, f"expected et, found {found}")


def test_chinese_is_judged_though_it_has_no_spaces() -> None:
    assert not judge("language", "植物利用光能把水和二氧化碳变成糖。", reply_language="en", policy="fixed", allowed=["en", "zh"]).passed
    assert judge("language", "植物利用光能把水和二氧化碳变成糖。", reply_language="zh", policy="instruction", allowed=["en", "zh"]).passed
