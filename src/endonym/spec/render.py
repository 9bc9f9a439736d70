"""Render sections back into the dialect."""

from __future__ import annotations

from collections.abc import Iterator

from endonym.spec.model import Example, Section, Spec


def render_spec(spec: Spec) -> str:
    """Markdown that parses to the same sections (examples of footnotes are written out in place)."""
    return "\n".join(line for section in spec.sections for line in _section(section)).rstrip() + "\n"


def render_heading(section: Section) -> str:
    """The line that opens a section."""
    attributes = " ".join((f"#{section.id}", *(f'{name}="{value}"' for name, value in section.attributes)))
    return f"{'#' * section.depth} {section.title} {{{attributes}}}"


def _section(section: Section) -> Iterator[str]:
    yield render_heading(section)
    yield ""
    if section.text:
        yield section.text
        yield ""
    for comment in section.commentary:
        yield '!!! meta "Commentary"'
        yield from (f"    {line}" if line else "" for line in comment.split("\n"))
        yield ""
    for example in section.examples:
        yield from render_example(example)


def render_example(example: Example) -> Iterator[str]:
    """The lines of an example, an empty one last."""
    yield f"**Example**: {example.title}"
    yield ""
    fence = "~~~"
    while any(fence in text for text in (*(m.text for m in example.messages), *(r.text for r in example.replies))):
        fence += "~"
    yield f"{fence}xml"
    if example.settings:
        yield "<settings>"
        yield from (f"{name}: {value}" for name, value in example.settings)
        yield "</settings>"
    for message in example.messages:
        yield f"<{message.role}{''.join(f' {name}={chr(34)}{value}{chr(34)}' for name, value in message.attributes)}>"
        yield message.text
        yield f"</{message.role}>"
    if example.replies:
        yield "<comparison>"
        for reply in example.replies:
            comment = f" <!-- {reply.verdict}{': ' + reply.reason if reply.reason else ''} -->" if reply.verdict else ""
            yield f"<assistant>{comment}"
            yield reply.text
            yield "</assistant>"
        yield "</comparison>"
    yield fence
    yield ""
