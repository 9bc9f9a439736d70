"""Search over a bundle's passages and the short texts by which students ask; a cache that can always be rebuilt."""

from endonym.retrieval.build import build_index
from endonym.retrieval.evidence import Evidence, Prompt, PromptKind
from endonym.retrieval.index import Index, open_index
from endonym.retrieval.prompts import Match
from endonym.retrieval.quote import best_sentence
from endonym.retrieval.search import Hit

__all__ = ["Evidence", "Hit", "Index", "Match", "Prompt", "PromptKind", "best_sentence", "build_index", "open_index"]
