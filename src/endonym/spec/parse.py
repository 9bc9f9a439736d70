"""Parse the spec dialect: CommonMark with attributes on headings, commentary blocks and example conversations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.attrs.parse import ParseError
from mdit_py_plugins.attrs.parse import parse as parse_attributes

from endonym.core.canonical import digest_json
from endonym.core.diagnostics import Diagnostic, Severity, Span, sort_diagnostics
from endonym.core.errors import SpecError
from endonym.core.ids import slug
from endonym.spec.conversation import read_conversation
from endonym.spec.model import AUTHORITIES, Authority, Example, Section, Spec

_FOOTNOTE = re.compile(r"\[\^([\w-]+)\]")
_ATTRIBUTES = re.compile(r"\s*(\{[^{}]*\})\s*$")
_HOME = re.compile(r"^Examples for \[\^[\w-]+\] in (.+?):?$")
_EXAMPLE = re.compile(r"^\*\*Example\*\*:?\s*(.*)$", re.DOTALL)
dialect = MarkdownIt("commonmark").use(admon_plugin)


@dataclass
class _Draft:
    """A section while its tokens are read; `skipped` are line ranges that are no part of its own text."""

    section: Section
    start: int
    skipped: list[tuple[int, int]] = field(default_factory=list)
    commentary: list[str] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)


class _Parser:
    def __init__(self, text: str, origin: str, first_line: int) -> None:
        self.lines = text.split("\n")
        self.origin = origin
        self.first = first_line
        self.drafts: list[_Draft] = []
        self.found: list[Diagnostic] = []
        self.tokens = dialect.parse(text)

    def fault(self, code: str, name: str, at: int, message: str, remedy: str, severity: Severity = "error") -> None:
        self.found.append(Diagnostic(code, name, severity, Span(self.origin, at + self.first), message, remedy))

    def parse(self) -> tuple[Section, ...]:
        index = 0
        while index < len(self.tokens):
            token = self.tokens[index]
            if token.type == "heading_open" and token.level == 0:
                self._heading(token, self.tokens[index + 1])
                index += 3
                continue
            if self.drafts and token.map:
                index = self._content(index, token)
                continue
            index += 1
        ends = [*(draft.start for draft in self.drafts[1:]), len(self.lines)][: len(self.drafts)]
        sections = tuple(self._finish(draft, end) for draft, end in zip(self.drafts, ends, strict=True))
        self._references(sections)
        return sections

    def _content(self, index: int, token: Token) -> int:
        """Read one top-level block; returns the index of the token after it."""
        draft = self.drafts[-1]
        if token.type == "admonition_open":
            end = next(i for i in range(index, len(self.tokens)) if self.tokens[i].type == "admonition_close" and self.tokens[i].level == token.level)  # fmt: skip
            start, stop = token.map or [0, 0]
            draft.commentary.append("\n".join(line[4:] if line.startswith("    ") else line for line in self.lines[start + 1 : stop]).strip())
            draft.skipped.append((start, stop))
            return end + 1
        if token.type == "fence" and token.info.strip() == "xml":
            self._example(index, token, draft)
        elif token.type == "inline":
            self._links(token, draft)
        return index + 1

    def _example(self, index: int, token: Token, draft: _Draft) -> None:
        start, stop = token.map or [0, 0]
        title = ""
        before = self.tokens[index - 3 : index]
        if [t.type for t in before] == ["paragraph_open", "inline", "paragraph_close"]:
            match = _EXAMPLE.match(before[1].content)
            if match:
                title = " ".join(match.group(1).split())
                first, last = before[0].map or [start, start]
                draft.skipped.append((first, last))
        if not self.lines[stop - 1].strip().startswith(token.markup) or stop - start < 2:
            self.fault("SP010", "unclosed-fence", start, f"expected a closing {token.markup}, found the end of the text",
                       f"End the example with a line of {token.markup}.")  # fmt: skip
        example, faults = read_conversation(token.content.rstrip("\n"), title, self.origin, start + 1 + self.first)
        self.found.extend(faults)
        draft.examples.append(example)
        draft.skipped.append((start, stop))

    def _links(self, token: Token, draft: _Draft) -> None:
        for child in token.children or ():
            if child.type == "text":
                draft.footnotes.extend(_FOOTNOTE.findall(child.content))
            elif child.type == "link_open":
                href = str(child.attrGet("href") or "")
                if href.startswith("#"):
                    draft.references.append(href[1:])

    def _heading(self, token: Token, inline: Token) -> None:
        at = (token.map or [0, 0])[0]
        title = inline.content.strip()
        attributes: dict[str, str] = {}
        if match := _ATTRIBUTES.search(title):
            try:
                _, attributes = parse_attributes(match.group(1))
                title = title[: match.start()].strip()
            except ParseError as error:
                self.fault("SP003", "bad-attributes", at, f"expected {{#id name=value}}, found {match.group(1)!r} ({error})",
                           "Write for example {#my_section authority=user}.")  # fmt: skip
        named = attributes.pop("id", "")
        if not named:
            self.fault("SP004", "heading-without-id", at, f"expected an id after the heading {title!r}, found none",
                       "Add {#id}, so that others can point here.", "warning")  # fmt: skip
        section_id = named or slug(title).replace("-", "_")
        if named and any(draft.section.id == section_id for draft in self.drafts):
            self.fault("SP001", "duplicate-id", at, f"expected each id once, found {section_id!r} again", "Rename one of them.")
        authority = attributes.get("authority")
        if authority is not None and authority not in AUTHORITIES:
            self.fault("SP002", "unknown-authority", at, f"expected one of {', '.join(AUTHORITIES)}, found {authority!r}",
                       "Correct the authority.")  # fmt: skip
            authority = None
        depth = int(token.tag[1])
        parent = next((d.section.id for d in reversed(self.drafts) if d.section.depth < depth), "")
        known: Authority | None = authority
        section = Section(
            section_id, title, depth, known, tuple(sorted((k, str(v)) for k, v in attributes.items())),
            tuple(tag for tag in str(attributes.get("tags", "")).split(",") if tag), "", (), (), (), (), parent, at + self.first,
        )  # fmt: skip
        draft = _Draft(section, at)
        draft.skipped.append((at, (token.map or [at, at + 1])[1]))
        self.drafts.append(draft)

    def _finish(self, draft: _Draft, end: int) -> Section:
        hidden = {line for start, stop in draft.skipped for line in range(start, stop)}
        kept = "\n".join(line for number, line in enumerate(self.lines[draft.start : end], draft.start) if number not in hidden)
        return replace(
            draft.section, text=re.sub(r"\n{3,}", "\n\n", kept).strip(), commentary=tuple(draft.commentary),
            examples=tuple(draft.examples), footnotes=tuple(dict.fromkeys(draft.footnotes)),
            references=tuple(dict.fromkeys(draft.references)),
        )  # fmt: skip

    def _references(self, sections: Sequence[Section]) -> None:
        known = {section.id for section in sections}
        for section in sections:
            for reference in section.references:
                if reference not in known:
                    self.fault("SP005", "unknown-reference", section.line - self.first,
                               f"expected a section with the id {reference!r}, found none",
                               "Correct the link or add the section.", "warning")  # fmt: skip


def parse_sections(text: str, origin: str, first_line: int = 1) -> tuple[tuple[Section, ...], tuple[Diagnostic, ...]]:
    """The sections of a text in the dialect and what is wrong with it; line numbers count from `first_line`."""
    parser = _Parser(text, origin, first_line)
    sections = parser.parse()
    return sections, sort_diagnostics(parser.found)


def check_spec(text: str, origin: str, footnotes: Mapping[str, str] | None = None) -> tuple[Diagnostic, ...]:
    """What is wrong with a spec."""
    _, found = parse_sections(text, origin)
    for name, note in sorted((footnotes or {}).items()):
        _, more = _note_examples(name, note)
        found = (*found, *more)
    return sort_diagnostics(found)


def parse_spec(text: str, origin: str, footnotes: Mapping[str, str] | None = None) -> Spec:
    """A whole spec; examples of `footnotes` (id to Markdown) join the sections that name them.

    A note that no section names joins the section that its own first line names ("Examples for [^id] in Title:"). An
    example that stands in the section already, as in a spec that `adopt_spec` wrote, does not join it again.

    Raises:
        SpecError: The text has faults; the message holds the first one.
    """
    sections, found = parse_sections(text, origin)
    notes = footnotes or {}
    named = {name for section in sections for name in section.footnotes}
    homes = {name: _HOME.match(note.partition("\n")[0].strip()) for name, note in sorted(notes.items()) if name not in named}
    joined: list[Section] = []
    for section in sections:
        extra: list[Example] = []
        own = {example.substance for example in section.examples}
        stray = [name for name, home in homes.items() if home and home.group(1) == section.title]
        for name in (*section.footnotes, *stray):
            if name in notes:
                examples, faults = _note_examples(name, notes[name])
                extra.extend(example for example in examples if example.substance not in own)
                found = (*found, *faults)
        joined.append(replace(section, examples=(*section.examples, *extra)))
    errors = [diagnostic for diagnostic in sort_diagnostics(found) if diagnostic.severity == "error"]
    if not sections and not errors:
        raise SpecError("expected at least one heading, found none", origin=f"{origin}:1", remedy="Begin with `# Title {#id}`.")
    if errors:
        first = errors[0]
        raise SpecError(first.message, origin=f"{first.span.file}:{first.span.line}", remedy=first.remedy)
    head = sections[0]
    name = dict(head.attributes).get("spec", head.id)
    return Spec(name, head.title, tuple(joined), digest_json({"v": 1, "sections": [_digestible(s) for s in joined]}))


def read_spec(path: Path) -> Spec:
    """The spec in a file, with the example files of `examples/` beside it.

    Raises:
        SpecError: The file cannot be read or has faults.
    """
    text, notes = spec_files(path)
    return parse_spec(text, path.name, notes)


def spec_files(path: Path) -> tuple[str, dict[str, str]]:
    """The text of a spec, and those of the example files beside it by their names.

    Raises:
        SpecError: One of them cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        notes = {note.stem: note.read_text("utf-8") for note in sorted((path.parent / "examples").glob("*.md"))}
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"expected a UTF-8 text, found a fault: {error}", origin=str(path), remedy="Check the file.") from None
    return text, notes


def _note_examples(name: str, text: str) -> tuple[tuple[Example, ...], tuple[Diagnostic, ...]]:
    sections, found = parse_sections(f"# Examples {{#examples}}\n{text}", f"examples/{name}.md", 0)
    errors = tuple(d for d in found if d.severity == "error")
    return tuple(example for section in sections for example in section.examples), errors


def _digestible(section: Section) -> dict[str, object]:
    return {
        "id": section.id, "title": section.title, "depth": section.depth, "authority": section.authority,
        "tags": list(section.tags), "text": " ".join(section.text.split()),
    }  # fmt: skip
