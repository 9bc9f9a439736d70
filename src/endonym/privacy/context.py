"""What stands around a number: an operator of an equation, a word that says what the number is, a heading above it."""

from __future__ import annotations

import re
from functools import cached_property

from endonym.privacy.layout import Page
from endonym.privacy.words import LINE, SENTENCE, pattern, says

# A letter that begins an address of mail is no variable.
_VARIABLE = r"[A-Za-z](?![^\W_]|[^\s@]{0,64}@)"
_OPERAND = r"(?:[\d)\]²³π√\\]|(?<![^\W_])[A-Za-z]|\d[xyzn])"
_FUNCTION = r"(?:mod|div|sqrt|log|ln|lg|sin|cos|tan|tg|gcd|lcm|sum|int|print|abs|exp)"
_LEFT = re.compile(
    r"(?:(?:[=≈≤≥≠^·×÷√∛∑∫%]|[^\s=-][ ]*[<>])[ ]*[\"'(\[{$-]*"
    rf"|{_OPERAND}(?:[ ]*(?:[+−/]|\*\*?)[ ]*|[ ]+[-:][ ]*|[-:])"
    r"|\\[a-zA-Z]+\{?|\}\{|[$€£¥₸] ?|[A-Za-z]\w{0,15}\([\"']?"
    rf"|(?<!\w){_FUNCTION} ?\(?"
    r"|(?:\d/\d{1,3}|%) (?:of|от|из|من|daripada) )$"
)
# " +372 5123" begins a phone, what stands before it is no operand. "8b: 5123" and "1- 5123" are items of a list, "**5123**" is bold
# and a line after ">" is quoted.
_RIGHT = re.compile(
    r"[\"']? *[=<>≈≤≥≠^·×÷²³}$]"
    rf"|(?! \+\d[\d -]{{6}}) *(?:[+−/:%]|\*\*?) *(?:[\d(√\\]|{_VARIABLE})"
    rf"| +- +(?:[\d(√\\]|{_VARIABLE})"
    r"| (?:mod|div)(?!\w)"
)
# "Litres", "pieces": what is measured or counted is nobody's number.
_UNIT = re.compile(
    r" ?(?:(?:[kcm]?m|[km]?g|m?l|kWh|Hz|°C|eur|usd|[мск]?м|[мк]?г|м?л|сек|шт|مم|سم|كم|متر\w*|கி?மீ|செமீ|மிமீ)[²³.]?(?![^\W_])|[€£¥₸₽]"
    r"|[个只件本升毫厘千米克公人元次张台辆棵天斤吨里])", re.IGNORECASE)  # fmt: skip
_CLAUSE = re.compile(r"[,()，،、]")
_WORD = re.compile(r"[^\W\d_]+")
_SIGNED = re.compile(r"[ ,.(–-]{1,3}([^\W\d_]+)[.!)]?\s*(?:\Z|\n)")
_NUMBER = re.compile(r"\d[\d ]{4,}\d")
_VARIABLE_ALONE = re.compile(r"\s*\d?[a-z]\s*")
_OPENS = re.compile("(?:\\A|[\n\t:=#,;|\u060c\u3001\uff0c\uff1a])[ \"'(]{0,3}\\Z")
_CLOSES = re.compile("[ \"')]{0,3}(?:\\Z|[\n\t,;|.\u060c\u3001\uff0c\u3002])")
_REACH = 80


class Place:
    """Where a number stands on a page, and what the words of its line and the heading above say of it."""

    def __init__(self, page: Page, start: int, end: int, *, reckoned: bool = False, disclosed: bool = False) -> None:
        """
        Args:
            reckoned: The number just before it is an operand, so this one is too unless a word says otherwise.
            disclosed: The text holds other personal data.
        """
        self.page, self.text, self.start, self.end, self.number = page, page.text, start, end, page.text[start:end]
        self._reckoned, self.disclosed = reckoned, disclosed
        self._first, self._last, self._heading = page.cell(start)

    def part(self, start: int, end: int) -> Place:
        """The place of a part of the number."""
        if (start, end) == (self.start, self.end):
            return self
        return Place(self.page, start, end, reckoned=self._reckoned, disclosed=self.disclosed)

    @cached_property
    def _line(self) -> tuple[int, int]:
        return self._within(LINE)

    @cached_property
    def _sentence(self) -> tuple[int, int]:
        start, end = self._within(SENTENCE)
        # A number of six digits is no ordinal, so a dot after it ends the sentence.
        return start, self.end if self.text.startswith(".", self.end) else end

    def _within(self, ends: re.Pattern[str]) -> tuple[int, int]:
        """The line or the sentence of the number, as far as words count."""
        start, stop = max(self._first, self.start - _REACH), min(self._last, self.end + _REACH)
        for match in ends.finditer(self.text, start, self.start):
            start = match.end()
        end = ends.search(self.text, self.end, stop)
        return start, end.start() if end else stop

    def says(self, name: str, before: int, after: int, scope: tuple[int, int] | None = None) -> bool:
        """Whether a word of a list stands near, in so many characters before and after; in the line, or in another scope."""
        start, end = scope or self._line
        folded = self.page.folded
        return says(name, folded, max(start, self.start - before), self.start) or says(name, folded, self.end, min(end, self.end + after))

    @cached_property
    def is_operand(self) -> bool:
        """Whether an operator joins the number to another: `x = 38001085718`, `38001085718 + 5`."""
        return bool(_LEFT.search(self.text[max(0, self.start - 20) : self.start]) or _RIGHT.match(self.text, self.end, self.end + 80))

    @cached_property
    def in_equation(self) -> bool:
        """Whether the number is an operand, by its operators, a heading such as "x", or words: "is 38001085718 divisible by 3".

        The words count in the whole line; where the text holds personal data, in the sentence.
        """
        if self.is_operand or self._reckoned or self._is_headed("mathematics") or _VARIABLE_ALONE.fullmatch(self._heading):
            return True
        return self.says("mathematics", _REACH, _REACH, self._sentence if self.disclosed else self._line)

    @cached_property
    def is_somebody_s(self) -> bool:
        """Whether the sentence speaks of a person near (me, her, my mother, Tiina), or of "number" with nothing more."""
        return self._is_beside_name or self.says("whose", 48, 16, self._sentence) or self.says("number", 40, 0) or self._is_headed("number")

    @cached_property
    def _is_beside_name(self) -> bool:
        """Whether one of the two words before has a capital that no sentence's beginning explains, or one word signs after it."""
        words = _WORD.findall(self.text, self._sentence[0], self.start)[1:][-2:]
        signed = _SIGNED.match(self.text, self.end, self.end + _REACH)
        return any(len(word) > 2 and word.istitle() for word in (*words, *(signed.groups() if signed else ())))

    @cached_property
    def is_identified(self) -> bool:
        """Whether a word nearby says that the number is somebody's identifier."""
        return self.says("identifier", 48, 24) or (self._is_headed("identifier") and not self.is_operand)

    @cached_property
    def is_called(self) -> bool:
        """Whether a word nearby says that the number is a telephone's.

        A word before it does, with no other number between; one after it, before another number or in a heading does where the
        number is no operand and nothing else is counted.
        """
        if self.says("phone", 40, 20):
            start, end = self._line
            others = [match.end() for match in _NUMBER.finditer(self.text, max(start, self.start - 40), self.start)]
            if self.says("phone", 40, 0, (max([start, *others]), end)) or not self.in_equation:
                return True
        return self._is_headed("phone") and not self.is_operand and not self._is_counted

    @cached_property
    def is_other(self) -> bool:
        """Whether a word nearby says that the number is nobody's: an order, a book, a quantity."""
        return bool(_UNIT.match(self.text, self.end)) or self._is_counted or self._is_headed("other")

    @cached_property
    def _is_counted(self) -> bool:
        """Whether a word of the clause says that the number is nobody's."""
        start, end = self._sentence
        before = [match.end() for match in _CLAUSE.finditer(self.text, start, self.start)]
        after = _CLAUSE.search(self.text, self.end, end)
        return self.says("other", 24, 14, (max([start, *before]), after.start() if after else end))

    def names(self, word: re.Pattern[str]) -> bool:
        """Whether a word stands nearby on the line or in the heading."""
        start, end = self._line
        return bool(word.search(self.text, max(start, self.start - 48), self.start) or word.search(self.text, self.end, min(end, self.end + 24))
                    or (word.search(self._heading) and not self.is_operand))  # fmt: skip

    @cached_property
    def is_field(self) -> bool:
        """Whether the number is an item of its own: all of a line, of a cell or of what follows "Label:"."""
        return bool(_OPENS.search(self.text[max(0, self.start - 4) : self.start]) and _CLOSES.match(self.text[self.end : self.end + 4]))

    def _is_headed(self, name: str) -> bool:
        return bool(self._heading and pattern(name).search(self._heading))
