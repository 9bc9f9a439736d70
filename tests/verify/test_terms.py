"""Terms and their inflection, by language; LIX and any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.text.prose import prose, quotations
from endonym.verify.reading_level import lix
from tests.verify.replies import TOOLS, judge

FOUND = [
    ("kk", "клетка", "Клеткалардың құрылысы бар."), ("kk", "кітап", "Бұл кітабымызда жазылған."), ("kk", "көмірқышқыл газы", "Көмірқышқыл газының мөлшері"),
    ("kk", "нуклеин қышқылы", "нуклеин қышқылдары туралы"), ("kk", "ДНК", "ДНК-ның бөлігі"), ("kk", "халық", "халқымыздың тарихы"),
    ("ta", "மெட்ரோ ரயில்", "மெட்ரோ ரயிலில் வந்தான்."), ("ta", "இருபடிச் சமன்பாடு", "இருபடிச் சமன்பாட்டின் மூலம்"), ("ta", "செல்", "செல்களின் அமைப்பு"),
    ("et", "võrrand", "Võrranditega saab."), ("et", "kodakondsuseta isik", "kodakondsuseta isikutele"), ("ru", "ребёнок", "Дети играют."),
    ("en", "mouse", "Mice run."), ("lv", "šūna", "par šūnām"), ("ar", "معادلة", "بالمعادلات"), ("ar", "مدرسة", "في مدرستنا"),
    ("zh", "细胞", "单细胞生物"), ("ms", "buku", "Buku-bukunya ada."), ("ms", "sel", "sel-sel tumbuhan"), ("ms", "murid", "murid-murid itu"),
]  # fmt: skip
OTHERS = [
    ("kk", "қала", "Қалам мен дәптер."), ("kk", "бас", "Басқа сұрақ."), ("kk", "білу", "Білім туралы"), ("ta", "செல்", "செல்வம் வந்தது."), ("ta", "கல்", "கலை நன்று."),
    ("ta", "கலை", "கல்லை எடு."), ("en", "cell", "Cellular life."), ("ms", "sel", "selalu"), ("et", "tee", "Tähed on taevas."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "term", "reply"), FOUND)
def test_a_forbidden_term_is_found_in_its_forms(language: str, term: str, reply: str) -> None:
    assert not judge("terms", reply, language=language, forbidden=[term]).passed
    assert judge("terms", reply, language=language, required=[term]).passed


@pytest.mark.parametrize(("language", "term", "reply"), OTHERS)
def test_another_word_is_no_term(language: str, term: str, reply: str) -> None:
    assert judge("terms", reply, language=language, forbidden=[term]).passed
    assert not judge("terms", reply, language=language, required=[term]).passed


def test_what_to_write_instead_is_said() -> None:
    outcome = judge("terms", "Клеткалар бөлінеді.", language="kk", forbidden={"клетка": "жасуша"})
    assert outcome.evidence == "found the term 'клетка', expected 'жасуша'"


def test_a_quoted_term_is_no_own_word() -> None:
    assert judge("terms", "Ол «клетка» деп жазды.", language="kk", forbidden=["клетка"]).passed


@settings(max_examples=150, deadline=None)
@given(st.text(), st.text(), st.sampled_from(["kk", "ta", "et", "ar", "zh", "ms", ""]))
def test_any_text_is_judged(reply: str, term: str, language: str) -> None:
    judge("terms", reply, language=language, forbidden=[term])
    quotations(reply)
    level = lix(prose(reply), language, TOOLS)
    assert level is None or level >= 0
