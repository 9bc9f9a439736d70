"""The sentence that answers a factual question, verbatim: how a tutor without a model answers a look-up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from endonym.retrieval.embeddings import embed_or_none
from endonym.retrieval.wording import search_words, topic_words
from endonym.seams.embedder import Embedder
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Passage

ANSWERABLE = 0.88
"""Least score of a sentence that may be given as the answer, with an embedder, where it shares `_SOME_WORDS`."""
ANSWERABLE_ALL_WORDS = 0.86
"""The same where it shares `_MOST_WORDS`. Source of both: questions such as those of bench/phrasings_lookups.yaml, whose
answers score .86 and more, against the phrasings of bench/phrasings_pack.yaml that mean nothing in the Estonian pack: of
those 34 score over .845, and two come near, "just tell me the answer" (no topic) and a term that a passage names."""
ANSWERABLE_BY_WORDS = 0.6
"""The same without one."""
_SOME_WORDS, _MOST_WORDS = 0.3, 0.6
_WORDS_SHARE = 0.04
"""What sharing all content words adds to the cosine (raw cosines of this model lie between .75 and .95)."""
_LEAST_WORDS = 4
_MOST_SENTENCES = 24


def best_sentence(
    query: str, passages: Sequence[Passage], tools: LanguageTools, embedder: Embedder | None, language: str
) -> tuple[Passage, str, float] | None:
    """The sentence of `passages` that answers `query` best, verbatim, or None where none is good enough.

    Returns:
        (passage, sentence, score); the score is a cosine of about .75 to .95 plus a little for shared words, or the
        share of content words in common where there is no embedder.

    Args:
        language: Language of `query`.
    """
    asked = set(topic_words(search_words(query, language, tools), language))
    if not asked:
        return None
    candidates = [(passage, sentence.strip()) for passage in _about(asked, passages, language, tools)
                  for sentence in _sentences(passage.text, passage.language, tools)
                  if len(sentence.split()) >= _LEAST_WORDS and not sentence.rstrip().endswith(("?", ":"))]  # fmt: skip
    if not candidates:
        return None
    shares = [_share(asked, passage, sentence, tools) for passage, sentence in candidates]
    kept = sorted(range(len(candidates)), key=lambda i: (-shares[i], i))[:_MOST_SENTENCES]
    # The title says what "it" and "they" are; with it the right sentence won 8 of 8 trial questions, without 5.
    told = embed_or_none(embedder, [f"{candidates[i][0].title}. {candidates[i][1]}" for i in kept], "passage")
    asks = embed_or_none(embedder, [query], "query") if told is not None else None
    if told is None or asks is None:
        best = max(range(len(candidates)), key=lambda i: (shares[i], -i))
        score, least = shares[best], ANSWERABLE_BY_WORDS
    else:
        scores = [float(cosine) + _WORDS_SHARE * shares[i] for i, cosine in zip(kept, told @ asks[0], strict=True)]
        position = max(range(len(kept)), key=lambda at: (scores[at], -at))
        best, score = kept[position], scores[position]
        # Words of two languages are not alike: across languages the cosine alone must do.
        some = shares[best] >= _SOME_WORDS or candidates[best][0].language != language
        least = ANSWERABLE_ALL_WORDS if shares[best] >= _MOST_WORDS else ANSWERABLE if some else 1.0 + _WORDS_SHARE
    if score < least:
        return None
    return candidates[best][0], candidates[best][1], score


def _about(asked: set[str], passages: Sequence[Passage], language: str, tools: LanguageTools) -> list[Passage]:
    """The passages that hold most of the asked words, and those in other languages, whose words cannot be compared.

    A sentence of a passage about something else may sound like the answer: "in November 1939 the Winter War began".
    """
    def held(passage: Passage) -> int:
        return len(asked & _words(f"{passage.document_title} {passage.title} {passage.text}", passage.language, tools))

    most = max((held(passage) for passage in passages if passage.language == language), default=0)
    return [passage for passage in passages if passage.language != language or held(passage) == most]


def _share(asked: set[str], passage: Passage, sentence: str, tools: LanguageTools) -> float:
    """Share of the asked words that the sentence, or the title above it, holds."""
    held, title = (_words(text, passage.language, tools) for text in (sentence, passage.title))
    return sum(1.0 if word in held else 0.5 if word in title else 0.0 for word in asked) / len(asked)


@lru_cache(maxsize=4096)
def _sentences(text: str, language: str, tools: LanguageTools) -> tuple[str, ...]:
    """Remembered like words."""
    return tuple(tools.sentences(text, language))


@lru_cache(maxsize=4096)
def _words(text: str, language: str, tools: LanguageTools) -> frozenset[str]:
    """Remembered, since one passage is read for many questions."""
    return frozenset(search_words(text, language, tools))
