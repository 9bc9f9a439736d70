from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.akoma_ntoso import AkomaNtosoReader
from endonym.core.errors import PackError
from tests.adapters.readers.samples import anchors, read, survives

READER = AkomaNtosoReader()
LAW = """<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="act"><meta>
<identification source="#x"><FRBRWork><FRBRdate date="2011-02-23" name="adopted"/></FRBRWork>
<FRBRExpression><FRBRdate date="2026-02-03" name="version"/></FRBRExpression></identification>
<lifecycle source="#x"><eventRef eId="e1" date="2011-07-01" type="generation"/><eventRef eId="e2" date="2026-08-01" type="repeal"/></lifecycle>
<temporalData source="#x"><temporalGroup eId="tg1"><timeInterval start="#e1" end="#e2" refersTo="#x"/></temporalGroup>
<temporalGroup eId="tg2"><timeInterval start="#e2" refersTo="#x"/></temporalGroup></temporalData></meta>
<preface><longTitle><p>Keeleseadus</p></longTitle></preface>
<body><chapter eId="chp_1"><num>1. peatükk</num><heading>Üldsätted</heading>
<article eId="chp_1__art_1"><num>§ 1.</num><heading>Eesmärk<authorialNote><p>märkus</p></authorialNote></heading>
<paragraph eId="chp_1__art_1__para_1"><num>(1)</num><content><p>Seadus <i>arendab</i> eesti keelt.</p></content></paragraph>
<paragraph eId="chp_1__art_1__para_2"><num>(2)</num><list><intro><p>See hõlmab:</p></intro>
<point><num>1)</num><content><p>kõnet;</p></content></point></list></paragraph></article>
<article eId="chp_1__art_2" period="#tg1"><num>§ 2.</num><content><p>Kehtetu varsti.</p></content></article></chapter>
<chapter eId="chp_2" period="#tg2"><num>2. peatükk</num><heading>Rakendamine</heading>
<article eId="chp_2__art_3"><num>§ 3.</num><heading>Jõustumine</heading><content><p>Seadus jõustub.</p></content></article></chapter>
</body></act></akomaNtoso>"""


def test_articles_become_anchors_under_their_own_ids_with_the_dates_of_their_version(tmp_path: Path) -> None:
    document = read(READER, tmp_path / "seadus.xml", LAW)
    assert anchors(document) == [
        ("preface", "", 8), ("chp_1__art_1", "§ 1. Eesmärk (2026-02-03)", 10), ("chp_1__art_2", "§ 2. (2011-07-01 – 2026-08-01)", 14),
        ("chp_2__art_3", "§ 3. Jõustumine (2026-08-01 –)", 16),
    ]  # fmt: skip
    assert [block.text for block in document.blocks] == [
        "Keeleseadus", "(1) Seadus arendab eesti keelt.\n\n(2) See hõlmab:\n\n1) kõnet;", "Kehtetu varsti.", "Seadus jõustub.",
    ]  # fmt: skip
    assert "2. peatükk Rakendamine" in document.text and "märkus" not in document.text


def test_an_article_is_valid_from_its_first_day_to_the_day_before_its_repeal(tmp_path: Path) -> None:
    blocks = read(READER, tmp_path / "seadus.xml", LAW).blocks
    assert [(block.valid_from, block.valid_until) for block in blocks] == [("", ""), ("", ""), ("2011-07-01", "2026-07-31"), ("2026-08-01", "")]


def test_a_law_of_sections_has_a_block_for_each_section(tmp_path: Path) -> None:
    law = LAW.replace("<article", "<section").replace("</article", "</section")
    assert [block.anchor for block in read(READER, tmp_path / "a.xml", law).blocks][1:] == ["chp_1__art_1", "chp_1__art_2", "chp_2__art_3"]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)) + "]><akomaNtoso>&i;</akomaNtoso>"


@pytest.mark.parametrize(("data", "found", "line"), [
    (b"", "an empty file", ""), (b"<akomaNtoso>\n<act></akomaNtoso>", "expected well-formed XML", ":2"), (BOMB.encode(), "<!DOCTYPE or <!ENTITY", ""),
    (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><akomaNtoso>&a;</akomaNtoso>', "<!DOCTYPE or <!ENTITY", ""),
    (b"\n<html/>", "XML of another kind (<html>)", ":2"), ("<akomaNtoso>õ".encode("cp1257"), "expected well-formed XML", ":1"),
    (b"<akomaNtoso>" + b"<p>" * 100_000, "expected well-formed XML", ":1"),
])  # fmt: skip
def test_bad_xml_says_what_was_found_and_where(tmp_path: Path, data: bytes, found: str, line: str) -> None:
    with pytest.raises(PackError) as caught:
        read(READER, tmp_path / "a.xml", data)
    assert found in f"{caught.value.message}" and caught.value.remedy and caught.value.origin == f"a.xml{line}"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), cut=st.integers(0, 60), noise=st.one_of(st.binary(max_size=60), st.text('<>/="& pnum\n', max_size=20).map(str.encode)))
def test_any_bytes_are_read_or_refused(tmp_path: Path, at: float, cut: int, noise: bytes) -> None:
    whole = LAW.encode()
    start = int(at * len(whole))
    survives(READER, tmp_path / "a.xml", whole[:start] + noise + whole[start + cut :])
    survives(READER, tmp_path / "a.xml", noise)
