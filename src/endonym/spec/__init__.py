"""Behaviour specs: parsed, rendered, adopted, compared."""

from endonym.spec.adopt import Adoption, adopt_spec
from endonym.spec.base import BASE_ID, base_spec, floor, floor_digest
from endonym.spec.differences import Differences, ExampleChange, Piece, SectionChange, compare_specs, compare_words
from endonym.spec.model import AUTHORITIES, Authority, Example, Reply, Section, Spec, Utterance
from endonym.spec.parse import check_spec, parse_sections, parse_spec, read_spec, spec_files
from endonym.spec.render import render_spec
from endonym.spec.summary import first_sentence

__all__ = [
    "AUTHORITIES", "BASE_ID", "Adoption", "Authority", "Differences", "Example", "ExampleChange", "Piece", "Reply",
    "Section", "SectionChange", "Spec", "Utterance", "adopt_spec", "base_spec", "check_spec", "compare_specs",
    "compare_words", "first_sentence", "floor", "floor_digest", "parse_sections", "parse_spec", "read_spec",
    "render_spec", "spec_files",
]  # fmt: skip
