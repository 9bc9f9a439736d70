"""Presidio for bench/personal_data.py: reads lists of (country, text) as JSON, a line each, and prints what processor time each took.

Runs in an environment of its own, where presidio-analyzer is installed.
"""

import json
import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer import predefined_recognizers as own
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

IDENTIFIERS = {
    "EE": r"\b[1-8]\d{10}\b", "FI": r"\b\d{6}[-A+]\d{3}[0-9A-Y]\b", "GB": r"\b\d{3} ?\d{3} ?\d{4}\b",
    "KZ": r"\b\d{12}\b", "SG": r"\b[STFGM]\d{7}[A-Z]\b", "JO": r"\b[29]\d{9}\b",
}  # fmt: skip


class Blank(NlpEngine):
    """A spaCy model without training, in any language."""

    def __init__(self):
        self.nlp = spacy.blank("xx")

    def load(self):
        pass

    def is_loaded(self):
        return True

    def process_text(self, text, language):
        doc = self.nlp(text)
        words = [token.text for token in doc]
        return NlpArtifacts(
            entities=[], tokens=doc, tokens_indices=[token.idx for token in doc], lemmas=words, nlp_engine=self, language=language
        )

    def process_batch(self, texts, language, **kw):
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word, language):
        return False

    def is_punct(self, word, language):
        return False

    def get_supported_entities(self):
        return []

    def get_supported_languages(self):
        return ["en"]


def engine(country, identifier):
    registry = RecognizerRegistry(supported_languages=["en"])
    for recognizer in (
        own.CreditCardRecognizer(), own.DateRecognizer(), own.EmailRecognizer(), own.IbanRecognizer(), own.IpRecognizer(), own.UrlRecognizer(),
        own.PhoneRecognizer(supported_regions=(country,)),
        PatternRecognizer(supported_entity="ID", patterns=[Pattern("id", identifier, 0.5)]),
    ):  # fmt: skip
        registry.add_recognizer(recognizer)
    return AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])


engines = {country: engine(country, identifier) for country, identifier in IDENTIFIERS.items()}
print("ready", flush=True)
for line in sys.stdin:
    texts = json.loads(line)
    started = time.process_time()
    for country, text in texts:
        engines[country].analyze(text, language="en")
    print(time.process_time() - started, flush=True)
