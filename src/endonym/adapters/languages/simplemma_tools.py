"""Language tools on dictionaries of word forms (simplemma) and byte n-grams (py3langid); no model, no network."""

from __future__ import annotations

import copy
import re
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

from endonym.adapters.languages.sentence_rules import split_sentences
from endonym.text.fold import fold, words
from endonym.text.scripts import scripts, scripts_of

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# The thresholds below were set on the 96 phrases of tests/adapters/languages/phrases.yaml (et, en, ru, undecidable).
_LONE_WORD_SURE = 0.8
"""A lone word is decided only when the n-grams are this sure of it and one dictionary alone knows it …"""
_LONE_WORD_LETTERS = 7
"""… and it is short or written with marks: long lone words are mostly technical terms (`mitosis`, `klorofüll`)."""
_MARGIN = 0.15
"""Lead that the first language needs, n-gram probability and share of words of its own added up."""
_FOREIGN_WORDS = 4
_FOREIGN_SHARE = 0.34
"""From this many words on, a language that knows fewer of them than this share is not the language of the text."""
_READ_CHARACTERS = 3000

# The case ending of an abbreviation: `DNA-s`, `CO2-ga`, `ÜRO-sse`.
_ENDING = re.compile(r"(?<=[^\Wa-zäõöü_]{2})-[a-zõäöü]{1,3}$")
# Written alike everywhere, so they tell nothing about a language.
_SYMBOL_LIST = "sin cos tan tg ctg cot log ln lg lim max min mod ok dna rna atp ph km cm mm kg mg ml kwh mol"
_SYMBOLS = frozenset(_SYMBOL_LIST.split())
# simplemma and py3langid name a few languages otherwise than BCP 47.
_SIMPLEMMA_CODES = {"no": "nb", "hr": "hbs", "sr": "hbs", "bs": "hbs", "fil": "tl"}
_LANGID_CODES = {"nb": "no", "fil": "tl"}


class SimplemmaTools:
    """Thread-safe; a language's dictionary loads on first use (about 1 s and 25 MB for Estonian)."""

    name = "simplemma+py3langid"

    def __init__(self) -> None:
        # The compact dictionaries: 73 MB for et, en and ru instead of 431, 24 µs a new word instead of 11.
        self._lemmatizer = Lemmatizer(lemmatization_strategy=DefaultStrategy(low_memory=True))
        self._lock = threading.Lock()
        self._everything: LanguageIdentifier | None = None
        self._restricted: dict[tuple[str, ...], LanguageIdentifier] = {}

    def lemmas(self, text: str, language: str) -> list[str]:
        """See `LanguageTools.lemmas`."""
        found = [fold(_ENDING.sub("", word)) for word in words(text)]
        code = _simplemma_code(language)
        if not code:
            return found
        return [self._lemmatizer.lemmatize(word, code).casefold() if word[0].isalpha() else word for word in found]

    def sentences(self, text: str, language: str) -> list[str]:
        """See `LanguageTools.sentences`."""
        return split_sentences(text, language)

    def identify(self, text: str, candidates: Sequence[str]) -> str:
        """See `LanguageTools.identify`.

        Scripts decide first; among candidates of one script, the probability by byte n-grams plus the share of words
        that only one candidate's dictionary knows. Formulas, numbers and lone technical words are "".
        """
        text = text[:_READ_CHARACTERS]
        telling = [word for word in words(text) if _tells(word)]
        counted = scripts(" ".join(telling))
        if not counted:
            return ""
        script = next(iter(counted))
        matching = tuple(sorted({code for code in candidates if script in scripts_of(code)}))
        if not matching:
            return ""
        telling = [fold(word) for word in telling if script in scripts(word)]
        known = {code: _known(telling, code) for code in matching}
        if len(matching) == 1:
            first, sure = matching[0], script != "Latn" or len(telling) > 1
        else:
            first, sure = self._compare(text, telling, matching, known)
        hits = known[first]
        foreign = hits is not None and len(telling) >= _FOREIGN_WORDS and sum(hits) < _FOREIGN_SHARE * len(telling)
        return first if sure and not foreign else ""

    def _compare(
        self, text: str, telling: list[str], matching: tuple[str, ...], known: Mapping[str, list[bool] | None]
    ) -> tuple[str, bool]:
        """(the likelier language, whether it may be said)."""
        probable = self._probabilities(text, matching)
        owners = [[code for code in matching if (hits := known[code]) and hits[i]] for i in range(len(telling))]
        own = {code: sum(names == [code] for names in owners) / len(telling) for code in matching}
        ranked = sorted(matching, key=lambda code: probable.get(code, 0.0) + own[code], reverse=True)
        first, second = ranked[:2]
        if len(telling) == 1:
            word = telling[0]
            short = len(word) <= _LONE_WORD_LETTERS or not word.isascii()
            return first, short and owners[0] == [first] and probable.get(first, 0.0) >= _LONE_WORD_SURE
        lead = probable.get(first, 0.0) + own[first] - probable.get(second, 0.0) - own[second]
        return first, lead >= _MARGIN

    def _probabilities(self, text: str, matching: tuple[str, ...]) -> dict[str, float]:
        with self._lock:
            if self._everything is None:
                # Brings numpy, which most checks do without.
                from py3langid.langid import MODEL_FILE, LanguageIdentifier

                self._everything = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
            identifier = self._restricted.get(matching)
            if identifier is None:
                labels = {_LANGID_CODES.get(_base(code), _base(code)) for code in matching}
                identifier = copy.copy(self._everything)
                identifier.set_languages(labels & set(self._everything.labels) or None)
                self._restricted[matching] = identifier
        ranked: dict[str, float] = dict(identifier.rank(text))
        return {code: ranked.get(_LANGID_CODES.get(_base(code), _base(code)), 0.0) for code in matching}


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


@lru_cache(maxsize=256)
def _simplemma_code(language: str) -> str:
    code = _SIMPLEMMA_CODES.get(_base(language), _base(language))
    try:
        LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(code)
    except ValueError:
        return ""
    return code


def _tells(word: str) -> bool:
    """Whether a word can tell a language: no formula, symbol, single Latin letter or abbreviation in capitals."""
    if any(char.isdigit() for char in word) or word.casefold() in _SYMBOLS:
        return False
    if word.isupper() and len(word) <= 4 and not (len(word) == 1 and "Cyrl" in scripts(word)):
        return False
    return len(word) > 1 or "Latn" not in scripts(word)


def _known(telling: list[str], language: str) -> list[bool] | None:
    """Which of the words the language's dictionary lists, or None where there is no dictionary."""
    code = _simplemma_code(language)
    return [_listed(word, code) for word in telling] if code else None


@lru_cache(maxsize=65_536)
def _listed(word: str, code: str) -> bool:
    dictionary: Mapping[str, Any] = LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(code)
    return word in dictionary or word.split("'")[0].split("’")[0] in dictionary
