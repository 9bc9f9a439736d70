"""`endonym explain`: a section as it stands for an audience, layer by layer."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import fill, indent
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from endonym.pack.explain import Change, Explanation


@click.command(name="explain")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("section")
@click.option("--audience", default="", help="Only what holds for this audience.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(folder: Path, section: str, audience: str, form: str) -> None:
    """SECTION of the base spec as the pack in FOLDER and all that it extends leave it: who changed what, on what basis.

    \b
    Examples:
      endonym explain packs/estonia-upper-secondary help_to_think
      endonym explain packs/estonia-upper-secondary language_of_reply --audience student
      endonym explain packs/estonia omit_identity_of_child_in_proceedings
    """
    from rapidfuzz import process

    from endonym.core.errors import RequestError
    from endonym.pack.explain import explain
    from endonym.wiring.packs import read_stack

    stack = read_stack(folder)
    if audience and audience not in stack.audiences:
        raise RequestError(f"expected one of {', '.join(stack.audiences)}, found {audience!r}", param="--audience",
                           remedy="Name an audience of pack.toml.")  # fmt: skip
    found = explain(stack, section, audience)
    if found is None:
        known = [s.id for s in stack.spec.sections if s.authority] + [a.id for a in stack.adaptations]
        near = process.extractOne(section, known)
        raise RequestError(f"expected the id of a section or an adaptation, found {section!r}", param="SECTION",
                           remedy=f"Did you mean {near[0]}? `endonym spec show` lists sections.")  # fmt: skip
    if form == "json":
        click.echo(json.dumps(_data(found), ensure_ascii=False, indent=2))
        return
    for line in _lines(found, audience):
        click.echo(line)


def _lines(found: Explanation, audience: str) -> list[str]:
    section = found.section
    lines: list[str] = []
    if section:
        lines += [click.style(section.title, bold=True) + f"  ({section.id}, {section.authority or 'no authority'})", ""]
        lines += [_paragraphs(section.text), ""]
    for number, change in enumerate(found.changes, 1):
        lines += _change(number, change)
    if not found.changes:
        whom = f" for {audience}" if audience else ""
        lines.append(f"No pack of this stack changes it{whom}: it stands as written above.")
    elif len(found.changes) > 1:
        lines.append("Where two of these cannot both be followed, the one with the lower number stands.")
    return lines


def _change(number: int, change: Change) -> list[str]:
    rule = change.adaptation
    whom = ", ".join(rule.audience) or "everybody"
    where = "; ".join(f"{key} {' or '.join(values)}" for key, values in rule.applies.items())
    checked = "checked by " + ", ".join(check.use for check in rule.verify) if rule.verify else "judged by people"
    lines = [click.style(f"{number}. {rule.title}", bold=True) + f"  ({rule.id})",
             f"   {rule.pack} ({rule.layer}) {_EFFECTS[rule.effect]}, on the basis of {rule.basis}; for {whom}"
             + (f"; where {where}" if where else ""), "", indent(_paragraphs(rule.instruction, 96), "   "), ""]  # fmt: skip
    lines += [f"   source   {source.title}{', ' + source.pinpoint if source.pinpoint else ''} ({source.kind}, {source.force})"
              for source in change.sources]  # fmt: skip
    lines += [f"   decided  {rule.decided_by}, {rule.decided_on}; to be reviewed by {rule.review_by}; {checked}", ""]
    return lines


_EFFECTS = {"specialise": "makes it more specific", "add": "adds", "override": "overrides it", "omit": "leaves something out"}


def _paragraphs(text: str, width: int = 100) -> str:
    return "\n\n".join(fill(" ".join(part.split()), width) for part in text.strip().split("\n\n"))


def _data(found: Explanation) -> dict[str, Any]:
    section = found.section
    return {
        "section": section and {"id": section.id, "title": section.title, "authority": section.authority, "text": section.text.strip()},
        "changes": [
            {
                "id": change.adaptation.id, "title": change.adaptation.title, "pack": change.adaptation.pack,
                "layer": change.adaptation.layer, "effect": change.adaptation.effect, "basis": change.adaptation.basis,
                "audience": list(change.adaptation.audience), "applies": {k: list(v) for k, v in change.adaptation.applies.items()},
                "instruction": change.adaptation.instruction, "why": change.adaptation.why,
                "sources": [source.model_dump(exclude={"file", "line"}) for source in change.sources],
                "decided_by": change.adaptation.decided_by, "decided_on": str(change.adaptation.decided_on),
                "review_by": str(change.adaptation.review_by), "verify": [check.use for check in change.adaptation.verify],
            }
            for change in found.changes
        ],
    }  # fmt: skip
