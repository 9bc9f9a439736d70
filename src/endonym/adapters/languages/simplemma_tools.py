"""Language tools on dictionaries of word forms (simplemma) and two models of n-grams (py3langid, CLD3); no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, partial

from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy

from endonym.adapters.languages.dictionaries import FACTORY, base, dictionary_code, lists
from endonym.adapters.languages.identification import Identifier
from endonym.adapters.languages.kazakh import kazakh_stem
from endonym.adapters.languages.sentence_rules import split_sentences
from endonym.adapters.languages.stems import arabic_stem, bare_forms, malay_forms, unify
from endonym.adapters.languages.tamil import tamil_stem
from endonym.text.fold import fold, strip_marks, words

# The case ending of an abbreviation: `DNA-s`, `CO2-ga`, `ÜRO-sse`.
_ENDING = re.compile(r"(?<=[^\Wa-zäõöü_]{2})-[a-zõäöü]{1,3}$")

_STEMMERS = {"kk": kazakh_stem, "ta": tamil_stem}
"""Languages without a dictionary."""
_SENTENCE = 500
"""Characters of a text whose language is remembered; whole messages are not."""
_DOUBLING = ("ms", "id")

class SimplemmaTools:
    """Thread-safe; a language's dictionary opens on first use."""

    name = "simplemma+py3langid+cld3, 3"
    """Ends with a number that rises whenever answers change: indexes and remembered answers are kept by it."""

    def __init__(self) -> None:
        self._lemmatizer = Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=FACTORY))
        self._identifier = Identifier()
        self._lemma = lru_cache(maxsize=16_384)(self._looked_up)  # a text repeats its words
        self._among = lru_cache(maxsize=2048)(self._identifier.among)  # a growing reply is judged again at every sentence

    def lemmas(self, text: str, language: str) -> list[str]:
        """See `LanguageTools.lemmas`."""
        found = [fold(_ENDING.sub("", word)) for word in words(text)]
        code = dictionary_code(language) or base(language)
        lemma = self._arabic if code == "ar" else partial(self._lemma, code=code)
        return [lemma(word) if word[0].isalpha() else word for word in found]

    def _looked_up(self, word: str, code: str) -> str:
        if stem := _STEMMERS.get(code):
            return stem(strip_marks(word))
        if code in _DOUBLING:
            forms = malay_forms(word)
            word = next((form for form in forms if lists(form, code)), forms[1])
        return self._lemmatizer.lemmatize(word, code).casefold() if dictionary_code(code) else strip_marks(word)

    def _arabic(self, word: str) -> str:
        """By the dictionary, also for forms with particles that it leaves out (`وبالبيت`); by the light stemmer where it is silent."""
        known = next((form for form in bare_forms(word) if lists(form, "ar")), "")
        return unify(self._lemma(known, "ar")) if known else arabic_stem(word)

    def sentences(self, text: str, language: str) -> list[str]:
        """See `LanguageTools.sentences`."""
        return split_sentences(text, language)

    def among(self, text: str, candidates: Sequence[str]) -> tuple[str, ...]:
        """See `Identifier.among`."""
        return (self._among if len(text) <= _SENTENCE else self._identifier.among)(text, tuple(candidates))

    def identify(self, text: str, candidates: Sequence[str]) -> str:
        """See `LanguageTools.identify`; "" also where languages of one confusable set cannot be told apart."""
        found = self.among(text, candidates)
        return found[0] if len(found) == 1 else ""

    def stranger(self, text: str, candidates: Sequence[str]) -> str:
        """See `LanguageTools.stranger`."""
        return self._identifier.stranger(text, candidates)
