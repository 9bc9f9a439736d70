from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endonym.adapters.readers.markdown import MarkdownReader
from endonym.core.errors import PackError
from endonym.pack.load import load, read_manifest
from endonym.pack.positions import Faults
from endonym.pack.tables import Term
from endonym.pack.tbx import parse_tbx, to_tbx
from tests.conftest import TINY

MANIFEST = read_manifest(TINY)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t"), min_size=1, max_size=12).filter(str.strip)
MAYBE = st.one_of(st.just(""), WORDS)
TERMS = st.lists(st.builds(Term, concept=st.one_of(st.sampled_from(["cell", "a b", "1_x20_", "ö"]), WORDS), language=st.sampled_from(["et", "en", "zh-Hans"]),
                           term=WORDS, status=st.sampled_from(["preferred", "admitted", "forbidden"]), definition=MAYBE, subject=MAYBE, source=MAYBE,
                           pack=st.just("tiny")), max_size=8)  # fmt: skip


def grouped(terms: list[Term]) -> list[Term]:
    """As a TBX file has them: by concept, then by language, in the order in which each is first named."""
    concepts = list(dict.fromkeys(term.concept for term in terms))
    languages = {concept: list(dict.fromkeys(term.language for term in terms if term.concept == concept)) for concept in concepts}
    return sorted(terms, key=lambda term: (concepts.index(term.concept), languages[term.concept].index(term.language)))


@given(TERMS)
def test_there_and_back_is_the_same(terms: list[Term]) -> None:
    faults = Faults("tiny/glossary.tbx")
    found = parse_tbx(to_tbx(terms, MANIFEST), "tiny", faults)
    assert [term.model_copy(update={"file": "", "line": 1}) for term in found] == grouped(terms) and faults.found == []


DCA = """<?xml version="1.0" encoding="UTF-8"?>
<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"><tbxHeader/><text><body>
<conceptEntry id="c1"><descrip type="subjectField">biology</descrip>
<langSec xml:lang="en"><descripGrp><descrip type="definition">A green pigment.</descrip><admin type="source">a book</admin></descripGrp>
<termSec><term>chlorophyll</term><termNote type="partOfSpeech">noun</termNote></termSec>
<termSec><term>leaf green</term><termNote type="administrativeStatus">supersededTerm-admn-sts</termNote><admin type="source">law</admin></termSec>
<termSec><term>chlorophyl</term></termSec></langSec></conceptEntry></body></text></tbx>"""
DCT = """<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="http://www.tbxinfo.net/ns/min"
 xmlns:basic="http://www.tbxinfo.net/ns/basic"><tbxHeader/><text><body>
<conceptEntry id="c1"><min:subjectField>biology</min:subjectField>
<langSec xml:lang="en"><descripGrp><basic:definition>A green pigment.</basic:definition><basic:source>a book</basic:source></descripGrp>
<termSec><term>chlorophyll</term></termSec>
<termSec><term>leaf green</term><min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus><basic:source>law</basic:source></termSec>
<termSec><term>chlorophyl</term><min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus></termSec></langSec></conceptEntry></body></text></tbx>"""
MARTIF = """<martif type="TBX-Basic" xml:lang="en"><text><body><termEntry id="c1"><descrip type="subjectField">biology</descrip>
<langSet xml:lang="en"><descrip type="definition">A green pigment.</descrip>
<tig><term>chlorophyll</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig>
<ntig><termGrp><term>leaf green</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termGrp><admin type="source">law</admin></ntig>
<tig><term>chlorophyl</term></tig></langSet></termEntry></body></text></martif>"""


@pytest.mark.parametrize("text", [DCA, DCT, MARTIF], ids=["DCA", "DCT", "TBX 2"])
def test_both_styles_and_the_older_version_are_read_alike(text: str) -> None:
    faults = Faults("glossary.tbx")
    assert [(t.concept, t.language, t.term, t.status, t.definition, t.subject, t.source) for t in parse_tbx(text, "tiny", faults)] == [
        ("c1", "en", "chlorophyll", "preferred", "A green pigment.", "biology", ""),
        ("c1", "en", "leaf green", "forbidden", "A green pigment.", "biology", "law"),
        ("c1", "en", "chlorophyl", "admitted", "A green pigment.", "biology", ""),
    ]  # fmt: skip
    assert faults.found == []


def test_a_glossary_for_one_subject_is_read_with_its_lines(tiny: Path) -> None:
    (tiny / "glossary.biology.tbx").write_text(DCA.replace("<admin type=\"source\">law</admin>", ""), "utf-8")
    pack = load(tiny, (MarkdownReader(),))
    assert [(term.term, term.line) for term in pack.glossary[2:]] == [("chlorophyll", 5), ("leaf green", 6), ("chlorophyl", 7)]
    assert pack.diagnostics == ()


@pytest.mark.parametrize(("text", "code", "line"), [
    ("<tbx>\n<text>", "PK045", 2), ("\n<html/>", "PK045", 2), ("no", "PK045", 1), ("", "PK045", 1),
    ('<!DOCTYPE tbx [<!ENTITY a "aaaa">]><tbx>&a;</tbx>', "PK045", 1),
    (DCA.replace('xml:lang="en">', ">"), "PK010", 5), (DCA.replace("<term>chlorophyll</term>", ""), "PK010", 5),
])  # fmt: skip
def test_bad_glossaries_are_findings_with_a_place_and_a_remedy(text: str, code: str, line: int) -> None:
    faults = Faults("glossary.tbx")
    parse_tbx(text, "tiny", faults)
    assert (faults.found[0].code, faults.found[0].span.line) == (code, line)
    assert all(found.message and found.remedy for found in faults.found)


def test_what_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(PackError, match="expected texts that XML can hold"):
        to_tbx([Term(concept="a", language="en", term="b\x01", status="preferred")], MANIFEST)
