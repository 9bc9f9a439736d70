"""Write the public site of a bundle: gather everything, then write.

The site is static files without script, one folder per language; the same bundle and record give the same bytes.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from endonym.bundle import Bundle
from endonym.core.errors import BundleError
from endonym.pack.adaptations import Adaptation
from endonym.records import EvaluationRecord
from endonym.web.languages import direction, language_name, own_name
from endonym.web.markdown import to_html
from endonym.web.phrases import Phrases

_MARKER = ".endonym-site"
_templates = jinja2.Environment(
    loader=jinja2.FunctionLoader(lambda name: resources.files("endonym.publish").joinpath("templates", name).read_text("utf-8")),
    autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Context:
    bundle: Bundle
    records: tuple[EvaluationRecord, ...]
    language: str
    phrases: Phrases

    def text(self, message_id: str, /, **arguments: object) -> str:
        return self.phrases.text(message_id, self.language, **arguments)

    def of(self, texts: dict[str, str]) -> str:
        return texts.get(self.language) or texts.get("en") or next(iter(texts.values()), "")

    def name(self, language: str) -> str:
        return language_name(language, self.language)


def write_site(bundle: Bundle, output: Path, records: Sequence[EvaluationRecord] = ()) -> list[Path]:
    """Write the site into `output` and return the files written, in order.

    Only records of this very bundle are shown; the result of another version says nothing about this one.

    Raises:
        BundleError: `output` holds something that no site of ours was written over.
    """
    if output.exists() and any(output.iterdir()) and not (output / _MARKER).is_file():
        raise BundleError("expected an empty folder or an earlier site, found other files", origin=str(output),
                          remedy="Choose a new folder.")  # fmt: skip
    own = tuple(record for record in records if record.digest == bundle.digest)
    files = dict(_gather(bundle, own))
    if output.exists():
        shutil.rmtree(output)
    written = []
    for name, data in files.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(path)
    return written


def _gather(bundle: Bundle, records: tuple[EvaluationRecord, ...]) -> Iterator[tuple[str, bytes]]:
    yield _MARKER, bundle.digest.encode()
    for name in ("endonym.css", "mark.svg"):
        yield name, resources.files("endonym.web").joinpath("static", name).read_bytes()
    yield "changes.json", _changes_json(bundle)
    for record in records:
        yield "evaluation.json", json.dumps(record.model_dump(mode="json"), ensure_ascii=False, indent=1).encode()
    phrases = Phrases(bundle.contents.interface)
    for language in bundle.languages:
        context = _Context(bundle, records, language, phrases)
        for name, page in _pages(context):
            yield f"{language}/{name}", page
            if language == bundle.contents.head.default_language and name == "index.html":
                yield "index.html", _at_root(page, language)


def _at_root(page: bytes, language: str) -> bytes:
    """The same page one folder up."""
    return re.sub(rb'(href|src)="(?!https?:|#|\.\./)', rb'\1="' + language.encode() + b"/", page).replace(b'="../', b'="')


def _pages(context: _Context) -> Iterator[tuple[str, bytes]]:
    contents = context.bundle.contents
    render = _renderer(context)
    covered = {code for lesson in contents.lessons for code in lesson.outcomes}
    own_outcomes = [o for o in contents.outcomes if o.language == context.language] or [
        o for o in contents.outcomes if o.language == contents.head.default_language]  # fmt: skip
    yield "index.html", render("index.html", "", covered=covered, outcomes=own_outcomes)
    yield "changes.html", render("changes.html", "")
    for adaptation in contents.adaptations:
        section = context.bundle.sections.get(adaptation.adapts or "")
        yield f"changes/{adaptation.id}.html", render("change.html", "../", a=adaptation, section=section)
    yield "sources.html", render("sources.html", "", cited=_cited(contents.adaptations))
    yield "outcomes.html", render("outcomes.html", "", outcomes=own_outcomes, covered=covered)
    yield "evaluation.html", render("evaluation.html", "")
    yield "spec.html", render("spec.html", "", changed=_by_section(contents.adaptations))


def _renderer(context: _Context) -> Callable[..., bytes]:
    def render(name: str, up: str, **values: Any) -> bytes:
        return _templates.get_template(name).render(
            c=context.bundle.contents, bundle=context.bundle, head=context.bundle.contents.head, t=context.text,
            of=context.of, language=context.language, language_name=context.name, records=context.records, up=up,
            direction=direction(context.language), page=name, md=lambda text: Markup(to_html(text)),
            home=own_name, sources=context.bundle.sources, **values,
        ).encode()  # fmt: skip

    return render


def _cited(adaptations: Sequence[Adaptation]) -> dict[str, list[Adaptation]]:
    found: dict[str, list[Adaptation]] = {}
    for adaptation in adaptations:
        for source in adaptation.cites:
            found.setdefault(source, []).append(adaptation)
    return found


def _by_section(adaptations: Sequence[Adaptation]) -> dict[str, list[Adaptation]]:
    found: dict[str, list[Adaptation]] = {}
    for adaptation in adaptations:
        if adaptation.adapts:
            found.setdefault(adaptation.adapts, []).append(adaptation)
    return found


def _changes_json(bundle: Bundle) -> bytes:
    """The changes for machines: what a researcher or another country's tool would read."""
    rows = [adaptation.model_dump(mode="json", by_alias=True, exclude={"examples"}) for adaptation in bundle.contents.adaptations]
    return json.dumps({"format": 1, "bundle": bundle.id, "digest": bundle.digest, "changes": rows}, ensure_ascii=False, indent=1).encode()
