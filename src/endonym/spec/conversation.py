"""Example conversations: the `~~~xml` blocks of the dialect.

They look like XML and are none: what stands between the tags is free text with any characters in it. So only tags that
open or close a role at the beginning of a line, outside another role, are read as tags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from endonym.core.diagnostics import Diagnostic, Severity, Span
from endonym.spec.model import Example, Reply, Utterance, Verdict

ROLES = ("system", "developer", "user", "assistant", "tool", "untrusted", "untrusted_text")
_OPEN = re.compile(r"^<(comparison|settings|" + "|".join(ROLES) + r")((?:\s[^>]*)?)>(.*)$")
_VERDICT = re.compile(r"^\s*<!--\s*(GOOD|BAD|OK)\b(?:\[[^\]]*\])?\s*[:,]?\s*(.*?)\s*-->(.*)$")
_ATTRIBUTE = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)')""")
_SETTINGS = re.compile(r"<settings>\n(.*?)\n?</settings>\n?", re.DOTALL)


@dataclass
class _Reader:
    lines: list[str]
    title: str
    origin: str
    first: int
    messages: list[Utterance] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    settings: list[tuple[str, str]] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)

    def fault(self, code: str, name: str, at: int, message: str, remedy: str, severity: Severity = "error") -> None:
        self.found.append(Diagnostic(code, name, severity, Span(self.origin, self.first + at), message, remedy))


def read_conversation(text: str, title: str, origin: str, first_line: int) -> tuple[Example, tuple[Diagnostic, ...]]:
    """The example in a block whose first content line is `first_line`."""
    reader = _Reader(text.split("\n"), title, origin, first_line)
    comparing = False
    at = 0
    while at < len(reader.lines):
        line = reader.lines[at]
        if line.strip() == "</comparison>":
            if not comparing:
                reader.fault("SP011", "stray-tag", at, "expected <comparison> before </comparison>, found none", "Add it.")
            comparing = False
            at += 1
        elif match := _OPEN.match(line):
            if match.group(1) == "comparison":
                comparing = True
                at += 1
            else:
                at = _block(reader, at, match, comparing)
        else:
            if line.strip() and line.strip() != "[...]":
                reader.fault("SP012", "text-outside-roles", at, f"expected a tag such as <user>, found {line.strip()[:60]!r}",
                             "Put the text between <user> and </user> or another role.", "warning")  # fmt: skip
            at += 1
    if comparing:
        reader.fault("SP013", "unclosed-example", len(reader.lines) - 1, "expected </comparison>, found the end of the example",
                     "Close <comparison>.")  # fmt: skip
    example = Example(title, tuple(reader.messages), tuple(reader.replies), tuple(reader.settings), origin, first_line)
    return example, tuple(reader.found)


def _block(reader: _Reader, at: int, opening: re.Match[str], comparing: bool) -> int:
    """Read one role; returns the index of the line after it."""
    role, attributes, rest = opening.groups()
    close = f"</{role}>"
    body = [rest] if rest.strip() else []
    start = at
    at += 1
    if not rest.rstrip().endswith(close):
        while at < len(reader.lines) and not reader.lines[at].rstrip().endswith(close):
            body.append(reader.lines[at])
            at += 1
        if at >= len(reader.lines):
            reader.fault("SP013", "unclosed-example", start, f"expected {close}, found the end of the example", f"Close <{role}>.")
            return at
        body.append(reader.lines[at].rstrip()[: -len(close)])
        at += 1
    else:
        body[0] = body[0].rstrip()[: -len(close)]
    text = "\n".join(body).strip("\n")
    if role == "settings":
        reader.settings.extend(_settings(text))
    elif comparing and role == "assistant":
        reader.replies.append(_reply(text, reader.first + start))
    else:
        for block in _SETTINGS.findall(text + "\n"):
            reader.settings.extend(_settings(block))
        said = _SETTINGS.sub("", text + "\n").strip("\n") if "<settings>" in text else text
        pairs = tuple((m[1], m[2] if m[2] is not None else m[3]) for m in _ATTRIBUTE.finditer(attributes))
        if said.strip() or not reader.settings:
            reader.messages.append(Utterance(role, said.strip(), pairs))
    return at


def _reply(text: str, line: int) -> Reply:
    first, _, rest = text.partition("\n")
    match = _VERDICT.match(first)
    if match is None:
        return Reply(None, "", text.strip(), line)
    verdict: Verdict = match.group(1)  # type: ignore[assignment]
    return Reply(verdict, match.group(2), f"{match.group(3)}\n{rest}".strip(), line)


def _settings(text: str) -> list[tuple[str, str]]:
    pairs = (line.partition(":") for line in text.split("\n") if ":" in line)
    return [(name.strip(), value.strip()) for name, _, value in pairs]
