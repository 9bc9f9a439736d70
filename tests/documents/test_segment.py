from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from endonym.documents import cut
from endonym.documents.segment import LONGEST
from endonym.seams.passage import Block, ReadDocument


def document(*texts: tuple[str, str]) -> ReadDocument:
    whole, blocks = "", []
    for anchor, text in texts:
        blocks.append(Block(anchor, "Title", text, len(whole), 7))
        whole += text + "\n\n"
    return ReadDocument(whole, tuple(blocks))


def test_short_blocks_stay_as_they_are() -> None:
    read = document(("a", "x" * LONGEST), ("b", "y"))
    assert cut(read) is read


def test_long_blocks_are_cut_at_paragraphs_and_keep_title_and_line() -> None:
    paragraphs = [f"{letter * 500}." for letter in "abcd"]
    pieces = cut(document(("a", "\n\n".join(paragraphs)))).blocks
    assert [piece.text for piece in pieces] == ["\n\n".join(paragraphs[:2]), "\n\n".join(paragraphs[2:])]
    assert [(piece.anchor, piece.title, piece.line) for piece in pieces] == [("a", "Title", 7), ("a-2", "Title", 7)]


def test_a_long_paragraph_is_cut_between_sentences_and_never_behind_an_ordinal() -> None:
    text = "Tartu rahu sõlmiti 2. veebruaril 1920 ja see on lause. " * 40
    pieces = cut(document(("a", text.strip()))).blocks
    assert len(pieces) == 2 and all(piece.text.startswith("Tartu") and piece.text.endswith("lause.") for piece in pieces)


def test_text_without_sentences_is_cut_between_words() -> None:
    assert {word for piece in cut(document(("a", "sõna " * 700 + "sõna"))).blocks for word in piece.text.split()} == {"sõna"}


def test_chinese_is_cut_between_sentences() -> None:
    assert all(piece.text.endswith("。") for piece in cut(document(("a", "光合作用把光能变成化学能。" * 200))).blocks)


def test_anchors_that_others_have_stay_theirs() -> None:
    read = cut(document(("a", "word " * 600 + "end"), ("a-2", "short"), ("a-3", "short")))
    assert [block.anchor for block in read.blocks] == ["a", "a-4", "a-5", "a-2", "a-3"]


@given(st.lists(st.text("ab .\n。", min_size=1, max_size=40).map(lambda part: part * 60), min_size=1, max_size=4))
def test_nothing_but_space_is_lost_and_no_piece_is_too_long(parts: list[str]) -> None:
    read = document(*((f"p{number}", part.strip()) for number, part in enumerate(parts) if part.strip()))
    pieces = cut(read)
    assert "".join("".join(block.text.split()) for block in pieces.blocks) == "".join("".join(block.text.split()) for block in read.blocks)
    assert all(len(block.text) <= LONGEST and pieces.text[block.start : block.start + len(block.text)] == block.text for block in pieces.blocks)
    assert len({block.anchor for block in pieces.blocks}) == len(pieces.blocks)
