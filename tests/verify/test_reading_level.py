from __future__ import annotations

import pytest

from endonym.verify.reading_level import lix
from tests.verify.replies import TOOLS, judge, problems

EASY = "Taim saab valgust. Ta teeb suhkrut. Vesi tuleb mullast. Gaas tuleb õhust. Leht on roheline. " * 4
HARD = (
    "Fotosünteesi valgusreaktsioonides toimuv elektronitransport võimaldab rakumembraanidel prootonigradiendi kujunemise, "
    "mille energeetilist potentsiaali kasutatakse adenosiintrifosfaadi sünteesimiseks kloroplasti tülakoidides. "
) * 3


@pytest.mark.parametrize(("text", "language", "level"), [
    ("Taim kasvab. Leht on roheline.", "et", 2.5 + 20),
    ("Taim kasvab kiiresti, sest valgus on olemas.", "et", 7 + 100 / 7),
    ("Das ist z. B. ein Versuch.", "de", 6 + 100 / 6),
    ("光合作用是什么？", "zh", None),
    ("… !", "et", None),
])  # fmt: skip
def test_lix(text: str, language: str, level: float | None) -> None:
    assert lix(text, language, TOOLS) == (pytest.approx(level) if level is not None else None)


def test_easy_passes_and_hard_fails() -> None:
    assert judge("reading_level", EASY, language="et", max=40).passed
    outcome = judge("reading_level", HARD, language="et", max=40)
    assert not outcome.passed
    assert outcome.evidence == f"expected a reading level (LIX) of at most 40, found {lix(HARD, 'et', TOOLS):.0f}"


def test_not_judged() -> None:
    assert judge("reading_level", HARD, language="et", max=40, final=False).passed, "more text can mend it"
    assert judge("reading_level", HARD[:100], language="et", max=40).passed, "too short"
    assert judge("reading_level", HARD, language="et", max=40, reply_language="en").passed, "another language"
    assert judge("reading_level", "光合作用是什么？" * 20, language="zh", max=40).passed, "no spaces"


@pytest.mark.parametrize("options", [{"language": "et"}, {"language": "et", "max": 0}, {"max": 40}, {"language": "et", "max": 40, "min": 1}])
def test_options(options: dict[str, object]) -> None:
    assert len(problems("reading_level", **options)) == 1
