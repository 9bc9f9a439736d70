"""What of a text is searched for: mark-stripped lemmas, content words, codes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from endonym.seams.language import LanguageTools
from endonym.text.fold import grams, strip_marks, words

_LETTER_OR_DIGIT = re.compile(r"[^\w§]+")
# Words with which people ask for anything at all, mark-stripped lemmas and forms. They say nothing about the topic; in
# other languages the frequency over all prompts does the same work, more slowly.
_REQUESTS = {
    "et": """
        tootama tootab leidma leida arvutama kirjeldama pohjendama lahendama lahenda votma tulema minema andma anna panema hakkama mis mida mille milleks milline millised missugune kes kelle keda kus kust kuhu millal kuidas kuda miks mitu kas
        on olema ole oli olid ja voi ning et kui see seda selle need nende sellest sellega ma mina mu mul mulle minu me
        sa sina sul sulle ta tema tal meie te teie ei jah palun aitah seletama seleta selgitama selgita raakima raagi
        utlema utle rohkem veel aru saama saa saan aitama aita oskama oska pean pidama tahtma tahan teadma tea teada
        moistma oppima oppida homme too tunnikontroll kontrolltoo koolitoo tahendama tahendab toimima tooma tegema
        tehakse teha tee kaima kaib juhtuma vahe erinevus erinema erinevad naide naiteks lihtsalt luhidalt uldse ikka
        tapsemalt uks mingi moned koik voima voib nagu ka siis nii lahti asi teema kohta tere hei noh oige jaoks
        vastus vastama vastust lahendus
    """,
    "en": """
        find calculate describe solve come go take let use used what whats which who whom whose where when why how is are was were be been am do does did done the a an and or of
        to in on for with from by at about it its this that these those there i me my you your we us our they them he she
        please thanks explain tell describe show give help understand know learn mean means meaning work works happen
        happens make makes get between difference different example examples simply more can could should would will
        need want into as if not no yes some any just really thing things topic so then than hi hello hey idk dont
        tomorrow test exam homework like every all have has had got
        answer now
    """,
    "ru": """
        найти решить реши посчитать вычислить описать дать дай взять идти прийти что такое чем чего чему кто кого где откуда куда когда как почему зачем какой какая какое какие каков сколько
        который это этот эта эти я меня мне мой моя ты тебе мы нам они он она оно его ее и или а но в во на с со из у к
        по о об для от до при не нет да ли же бы быть есть был была было были объяснить объясни объясните рассказать
        расскажи сказать скажи подсказать подскажи помочь помоги понять понимать понимаю знать знаю хотеть хочу нужно
        надо мочь можно пожалуйста спасибо значит значить означать работать работает происходить происходит делать
        сделать разница отличие отличаться между пример например просто еще больше так вообще тема про привет завтра
        контрольная весь ответ
    """,
}
REQUEST_WORDS = {language: frozenset(listed.split()) for language, listed in _REQUESTS.items()}
"""By language."""


def search_words(text: str, language: str, tools: LanguageTools) -> list[str]:
    """Mark-stripped lemmas of `text` in order."""
    return [strip_marks(lemma) for lemma in tools.lemmas(text, language)]


def topic_words(lemmas: Sequence[str], language: str) -> list[str]:
    """`lemmas` without the words of asking; none where the text asks for nothing in particular."""
    request = REQUEST_WORDS.get(language.split("-")[0], frozenset())
    return [lemma for lemma in lemmas if lemma not in request]


def content_words(lemmas: Sequence[str], language: str) -> list[str]:
    """`lemmas` without the words of asking; all of them where nothing else is left."""
    return topic_words(lemmas, language) or list(lemmas)


def content_text(text: str, language: str) -> str:
    """The words of `text` as written, without those of asking; all of them where nothing else is left."""
    found = words(text)
    request = REQUEST_WORDS.get(language.split("-")[0], frozenset())
    return " ".join([word for word in found if strip_marks(word) not in request] or found)


def codes(text: str) -> list[str]:
    """Words that are written alike in every language: with digits or `§`, or in capitals (`CO2`, `§8`, `DNA`)."""
    return [strip_marks(word) for word in words(text) if any(c.isdigit() or c == "§" for c in word)
            or (word.isupper() and len(word) > 1)]  # fmt: skip


def token_text(tokens: Sequence[str]) -> str:
    """Tokens as one column of the word table; white space parts them, signs inside them become `_`."""
    return " ".join(_LETTER_OR_DIGIT.sub("_", token) for token in tokens)


def gram_text(text: str) -> str:
    """4-grams as one column of the gram table."""
    return token_text(grams(text))


def terms(tokens: Sequence[str]) -> list[str]:
    """Distinct tokens as they stand in the columns, in order."""
    clean = dict.fromkeys(_LETTER_OR_DIGIT.sub("_", token) for token in tokens)
    return [term for term in clean if term.strip("_")]


def match_any(terms: Sequence[str]) -> str:
    """The FTS5 query that finds rows with any of `terms`, or "" for none.

    Source: SQLite FTS5, section 3 (full-text query syntax); strings in double quotes hold no operators.
    """
    return " OR ".join(f'"{term}"' for term in terms)
