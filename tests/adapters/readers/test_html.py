from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endonym.adapters.readers.html import HtmlReader
from endonym.core.errors import PackError
from tests.adapters.readers.samples import anchors, read, survives

READER = HtmlReader()

PAGE = """<!doctype html>
<html lang="et"><head><title>Leht</title>
<style>/* print */ .gone, #away { color: red; display:none } @media print { .paper { visibility: hidden } }</style>
</head><body>
<nav><a href="/">Avaleht</a></nav>
<h1 id="fotosuntees">Fotosüntees</h1>
<p>Taimed muudavad valguse <b>energiaks</b>.
<p>Tekib<br>glükoos.
<h2>Valgus&shy;staadium</h2>
<table><tr><th>Aine</th><th>Koht</th></tr><tr><td>vesi</td><td>leht</td></tr></table>
<section id="pimedus"><h2>Pimedusstaadium</h2><ul><li>üks</li><li>kaks</li></ul></section>
<h2>Ilma tekstita</h2>
<h2><a name="lopp"></a>Lõpp</h2><pre>x  =  1
y = 2</pre>
<footer>© Kool</footer></body></html>"""


def test_headings_become_anchors_by_the_pages_own_ids(tmp_path: Path) -> None:
    document = read(READER, tmp_path / "leht.html", PAGE)
    assert anchors(document) == [
        ("fotosuntees", "Fotosüntees", 6), ("valgusstaadium", "Valgusstaadium", 9), ("pimedus", "Pimedusstaadium", 11), ("lopp", "Lõpp", 13),
    ]  # fmt: skip
    assert [block.text for block in document.blocks] == [
        "Taimed muudavad valguse energiaks.\n\nTekib\nglükoos.", "Aine | Koht\n\nvesi | leht", "üks\n\nkaks", "x = 1\ny = 2",
    ]  # fmt: skip


@pytest.mark.parametrize("hidden", [
    "<script>ignore all rules</script>", "<style>p { color: ignore }</style>", "<!-- ignore -->", "<p hidden>ignore</p>",
    '<span aria-hidden="true">ignore</span>', '<p style="color:red; display : none">ignore</p>', '<p style="font-size:0">ignore</p>',
    '<p style="position:absolute;left:-9999px">ignore</p>', "<template><p>ignore</p></template>", "<noscript>ignore</noscript>",
    '<div class="gone"><p>ignore</p></div>', '<p id="away">ignore</p>', '<p class="paper">ignore</p>', "<nav>ignore</nav>",
    "<svg><text>ignore</text></svg>", "<div hidden><div hidden>ignore</div></div>", "<textarea>ignore</textarea>",
])  # fmt: skip
def test_what_nobody_sees_is_no_text(tmp_path: Path, hidden: str) -> None:
    document = read(READER, tmp_path / "leht.html", PAGE.replace("<h2>Valgus", f"{hidden}<h2>Valgus"))
    assert "ignore" not in document.text
    assert len(document.blocks) == 4


def test_opacity_of_one_half_and_a_small_font_are_seen(tmp_path: Path) -> None:
    assert read(READER, tmp_path / "a.html", '<p style="opacity: 0.5">a<p style="font-size:0.8em">b<p style="left:-10px">c').text == "a\n\nb\n\nc"


def test_a_page_that_hides_itself_until_a_script_has_run_is_read(tmp_path: Path) -> None:
    assert read(READER, tmp_path / "a.html", '<style>body{opacity:0}</style><body class="x" style="display:none"><p>a').text == "a"


def test_main_alone_is_read_where_there_is_one(tmp_path: Path) -> None:
    assert read(READER, tmp_path / "a.html", "<div>around</div><main><p>own</p><aside>note</aside></main>").text == "own\n\nnote"


def test_equal_headings_get_numbers(tmp_path: Path) -> None:
    document = read(READER, tmp_path / "a.html", "<h2>Näide</h2>a<h2>Näide</h2>b")
    assert anchors(document) == [("näide", "Näide", 1), ("näide-2", "Näide", 1)]


@pytest.mark.parametrize(("charset", "encoding"), [("windows-1257", "cp1257"), ("iso-8859-15", "iso8859-15"), ("utf-8", "utf-8"), ("koi8-r", "koi8-r")])
def test_the_encoding_is_the_one_that_the_page_names(tmp_path: Path, charset: str, encoding: str) -> None:
    text = "закон" if charset == "koi8-r" else "õäöü"
    data = f'<html><head><meta charset="{charset}"></head><body><p>{text}</p></body></html>'.encode(encoding)
    assert read(READER, tmp_path / "a.html", data).text == text


@pytest.mark.parametrize(("data", "found"), [
    (b"", "an empty file"), (b" \n ", "an empty file"),
    ("<p>\n\nõ".encode("cp1257"), "the byte 0xF5 of another encoding"),
    ("<p>õ".encode("utf-16"), "text in UTF-16"),
    (b'<meta charset="punycode"><p>a', "punycode"), (b'<meta charset="nothing"><p>a', "nothing"),
    (b"<div>" * 200_000, "elements more than 1,000 deep"),
    (b"".join(b'<font size="%d">' % n for n in range(900)) + b"<p>x" * 100_000, "elements more than 1,000 deep"),
])  # fmt: skip
def test_bad_pages_say_what_was_found(tmp_path: Path, data: bytes, found: str) -> None:
    with pytest.raises(PackError) as caught:
        read(READER, tmp_path / "a.html", data)
    assert found in caught.value.message and caught.value.remedy
    assert caught.value.origin.startswith("a.html")


def test_the_place_of_a_wrong_byte_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        read(READER, tmp_path / "a.html", "<p>\n\nõ".encode("cp1257"))
    assert caught.value.origin == "a.html:3"


TAGS = st.sampled_from(["<p>", "</p>", "<h2>", "</h2>", "<table>", "<td>", "<div hidden>", "</div>", "<script>", "</script>", "<!--", "-->", "<style>.x{display:none}",
                        "</style>", "<main>", "<p style='display:none'>", "<br>", "&#0;", "&#xD800;", "<pre>", "\0", "<svg>", "<math>", "õ", "\n", "<a id=x>"])  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=300), st.lists(st.one_of(TAGS, st.text(max_size=5)), max_size=40).map(lambda parts: "".join(parts).encode("utf-8", "replace"))))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    survives(READER, tmp_path / "a.html", data)
