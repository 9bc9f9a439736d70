from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endonym.verify.address import form_of_address, known_languages
from tests.verify.replies import judge, problems

INFORMAL = {
    "et": ["Mida sa sellest arvad?", "Mõtle, mida tahad leida.", "Kuidas leiad x väärtuse?", "Kirjuta vastus üles.", "Hea.\n- Vaata oma lahendust."],
    "ru": ["Что ты об этом думаешь?", "Как думаешь, почему так?", "Запиши твой ответ.", "Посмотри на график."],
    "uk": ["Що ти про це думаєш?", "Як вважаєш, чому так?", "Запиши твою відповідь."],
    "de": ["Was denkst du darüber?", "Schreib deine Antwort auf."],
    "fr": ["Qu'en penses-tu ? Dis-moi ce que tu sais.", "Relis ton texte."],
    "es": ["¿Qué piensas tú?", "Di lo que sabes de la célula.", "¿Puedes explicarlo?"],
    "it": ["Che cosa ne pensi?", "Puoi spiegarlo con la tua definizione?"],
    "pt": ["O que pensas disto?", "Escreve a tua resposta."],
    "fi": ["Mitä sinä ajattelet?", "Kerro, mitä tiedät solusta."],
    "lv": ["Ko tu domā?", "Uzraksti savu atbildi, ja zini.", "Pamēģini pats."],
    "lt": ["Ką tu manai?", "Pasakyk, ką žinai apie ląstelę."],
    "pl": ["Co o tym myślisz?", "Zapisz swoją odpowiedź, jeśli ją znasz."],
    "tr": ["Sence neden? Ne düşünüyorsun?", "Bunu nasıl bilirsin?"],
    "kk": ["Сен қалай ойлайсың?", "Неден бастайсың?", "Түсінсең, айтып бер."],
    "ms": ["Apa pendapat kamu?"], "id": ["Menurut kamu bagaimana?"], "zh": ["你怎么想？"], "ta": ["நீ என்ன நினைக்கிறாய்?", "என்ன நினைக்கிறாய்?"],
}  # fmt: skip
FORMAL = {
    "et": ["Mida te sellest arvate?", "Kirjutage oma vastus.", "Mida teie arvate?"],
    "ru": ["Что вы об этом думаете?", "Подумайте ещё раз.", "Решите уравнение."],
    "uk": ["Що ви про це думаєте?", "Подумайте ще раз."],
    "de": ["Was denken Sie darüber?", "Schreiben Sie, was Ihnen einfällt."],
    "fr": ["Qu'en pensez-vous ?", "Relisez le texte."],
    "es": ["¿Qué piensa usted?"],
    "it": ["Che cosa ne pensa Lei?"],
    "pt": ["O que pensa o senhor?"],
    "fi": ["Mitä te ajattelette?", "Kertokaa, mitä tiedätte."],
    "lv": ["Ko jūs domājat?", "Lūdzu, atrisiniet uzdevumu."],
    "lt": ["Ką jūs manote?", "Pasakykite, kas yra ląstelė."],
    "pl": ["Czy pani wie, co to jest?"],
    "tr": ["Siz ne düşünüyorsunuz?", "Cevabınız nedir?"],
    "kk": ["Сіз қалай ойлайсыз?", "Жауабыңызды жазыңыз."],
    "ms": ["Apa pendapat anda?"], "id": ["Menurut Anda bagaimana?"], "zh": ["您怎么想？"], "ta": ["நீங்கள் என்ன நினைக்கிறீர்கள்?", "என்ன நினைக்கிறீர்கள்?", "பதிலை எழுதுங்கள்."],
}  # fmt: skip
UNDECIDED = {
    "et": ["Taim teeb suhkrut.", "Kas sa teate seda?", "Teed ja võid on laual.", "Selge, kolmas klass.", "Me ei kirjuta seda."],
    "ru": ["Растение делает сахар.", "Лишь мышь на сайте.", "Ты знаешь, и вы знаете."],
    "uk": ["Рослина робить цукор.", "Лиш одна."],
    "de": ["Die Pflanze und ihre Blätter. Sie wachsen. Ihr Licht ist hell."],
    "fr": ["La plante chez elle, assez haute, fait du sucre."],
    "es": ["La planta hace azúcar con sus hojas.", "Su respuesta es buena."],
    "it": ["La pianta fa lo zucchero. Lei cresce."],
    "pt": ["A planta faz açúcar.", "Você sabe?"],
    "fi": ["Kasvit tekevät sokeria.", "Uusi viisi."],
    "lv": ["Augs veido cukuru.", "Šķiet, tas iet."], "lt": ["Augalas gamina cukrų."], "pl": ["Roślina wytwarza cukier. Nasz tusz."],
    "tr": ["Bitki şeker üretir.", "Gelsin bakalım.", "Deniz yalnız."], "kk": ["Өсімдік қант жасайды.", "Сусыз өмір жоқ.", "Каспий теңізі, Арал теңіз емес.", "Маңыз бен негіз."],
    "ms": ["Tumbuhan membuat gula."], "id": ["Tumbuhan membuat gula."], "zh": ["植物制造糖。"], "ta": ["தாவரம் சர்க்கரை செய்கிறது.", "மரங்கள் வளர்கின்றன.", "கண்ணீர்கள்."],
    "en": ["What do you think?"], "xx": ["sa"],
}  # fmt: skip


@pytest.mark.parametrize(("language", "text", "form"), [
    (language, text, form)
    for form, cases in (("informal", INFORMAL), ("formal", FORMAL), ("undecided", UNDECIDED))
    for language, texts in cases.items() for text in texts
])  # fmt: skip
def test_form_of_address(language: str, text: str, form: str) -> None:
    assert form_of_address(text, language)[0] == form, form_of_address(text, language)


@pytest.mark.parametrize("language", sorted(INFORMAL))
def test_each_language_can_fail(language: str) -> None:
    assert not judge("address", FORMAL[language][0], language=language, form="informal").passed
    assert not judge("address", INFORMAL[language][0], language=language, form="formal").passed
    assert judge("address", INFORMAL[language][0], language=language, form="informal").passed
    assert judge("address", UNDECIDED[language][0], language=language, form="formal").passed


def test_quotations_are_not_the_reply() -> None:
    assert judge("address", "Tekstis on „Mida te arvate?“ küsimus.", language="et", form="informal").passed


def test_options() -> None:
    assert problems("address", language="et", form="informal") == []
    assert "expected one of" in problems("address", language="sw", form="informal")[0]
    assert len(problems("address", language="et", form="intimate")) == 1


@given(st.text(), st.sampled_from([*known_languages(), "xx", ""]))
def test_any_text_has_a_form_of_address(text: str, language: str) -> None:
    form, shown = form_of_address(text, language)
    assert (form == "undecided") == (shown == "")
