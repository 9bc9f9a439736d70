"""Whether packs are in order, and search over them works."""

from __future__ import annotations

import math
from array import array
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from endonym.bundle import Bundle, compile_stack, read_bundle
from endonym.bundle.file import to_bytes
from endonym.check import check
from endonym.core.clock import today
from endonym.core.errors import PackError, RetrievalError
from endonym.evaluate.plan import figures
from endonym.pack.sources import LEGAL_KINDS
from endonym.retrieval import open_index
from endonym.retrieval.gather import gather_prompts
from endonym.seams.embedder import Embedder
from endonym.wiring.doctor.finding import LOOPBACK, Finding, Found, Patient, guarded
from endonym.wiring.packs import language_tools, read_stack
from endonym.wiring.plugins import load_plugin

_SOON = timedelta(days=90)


def check_packs(patient: Patient) -> Found:
    if not patient.paths:
        yield Finding("packs", "not checked", "none was named", "Name those that you serve: `endonym doctor PACK …`.")
    for path in patient.paths:
        yield from guarded("packs", _pack, patient, path)


def _pack(patient: Patient, path: Path) -> Found:
    if path.is_file():
        bundle, note = read_bundle(path), "whole"
    elif path.is_dir():
        stack = read_stack(path, patient.settings)
        report = check(stack, language_tools(), today())
        if report.errors:
            worst = report.errors[0]
            yield Finding("packs", "error", f"{path}: {len(report.errors)} error(s), first {worst.code} in {worst.span.file}: {worst.message}",
                          f"endonym check {path}")  # fmt: skip
            return
        contents = compile_stack(stack, report)
        bundle, note = Bundle(contents, to_bytes(contents)[1]), f"no errors, {len(report.warnings)} warning(s)"
    else:
        raise PackError("expected a pack's folder or a bundle file, found neither", origin=str(path), remedy="Check the path.")
    patient.bundles.append(bundle)
    yield Finding("packs", "ok", f"{bundle.id} {bundle.contents.head.version}: {note}, {bundle.digest[:19]}…")
    yield from _dates(bundle)
    running = patient.served.get(bundle.id) if patient.served is not None else bundle.digest
    if running != bundle.digest:
        found = f"serves {running[:19]}…, another state of it" if running else "does not serve it"
        yield Finding("packs", "warning", f"{bundle.id}: expected the running server to serve {bundle.digest[:19]}…, found that it {found}",
                      f"Start it with {path}, or again if it was: it reads packs at its start.")  # fmt: skip


def _dates(bundle: Bundle) -> Found:
    day = today()
    due = sorted([*((a.review_by, a.id) for a in bundle.contents.adaptations),
                  *((s.valid_until, s.id) for s in bundle.contents.sources if s.valid_until and s.kind in LEGAL_KINDS)])  # fmt: skip
    remedy = "Ask whoever keeps the pack to review it: a date that has passed stops new releases, and a lapsed law switches its rule off."
    if passed := [one for one in due if one[0] < day]:
        yield Finding("packs", "error", f"{bundle.id}: {len(passed)} date(s) of rules or laws have passed, first {passed[0][1]} on {passed[0][0]}", remedy)
    if near := [one for one in due if day <= one[0] <= day + _SOON]:
        yield Finding("packs", "warning", f"{bundle.id}: {len(near)} date(s) of rules or laws come within 90 days, first {near[0][1]} on {near[0][0]}", remedy)


def check_embedder(patient: Patient) -> Found:
    name = patient.settings.embedder
    if name == "none":
        yield Finding("embedder", "ok", "none: search goes by words alone, and finds fewer paraphrases")
        return
    started = perf_counter()
    embedder: Embedder = load_plugin("endonym.embedders", name)(patient.settings.embedding)
    vector = array("f", embedder.embed_queries(["Mis on fotosüntees?"]))
    length = math.sqrt(sum(value * value for value in vector))
    if len(vector) != embedder.dimensions or abs(length - 1) > 0.01:
        raise RetrievalError(f"{embedder.name}: expected a unit vector of {embedder.dimensions}, found {len(vector)} numbers of length {length:.2f}",
                             remedy="Install the locked requirements again, or choose another model.")  # fmt: skip
    patient.embedder = embedder
    yield Finding("embedder", "ok", f"{embedder.name}: a vector of {embedder.dimensions} in {perf_counter() - started:.1f} s, loading included")
    if name == "openai" and urlsplit(patient.settings.embedding.base_url).hostname not in LOOPBACK:
        yield Finding("embedder", "warning", f"{patient.settings.embedding.base_url} reads questions before personal data is masked",
                      "Make sure that this server is your own.")  # fmt: skip


def check_index(patient: Patient) -> Found:
    store = None if patient.settings.index == "sqlite" else load_plugin("endonym.indexes", patient.settings.index)(patient.settings)
    if store:
        yield Finding("index", "ok", f"{patient.settings.index} answers")
    tools = language_tools()
    if patient.settings.embedder != "none" and patient.embedder is None:
        yield Finding("index", "not checked", "rests on the embedder")
        return
    for bundle in patient.bundles:
        try:
            open_index(patient.state / "indexes" / f"{bundle.id}.sqlite", bundle.digest, tools, patient.embedder, store).close()
            yield Finding("index", "ok", f"{bundle.id}: current")
        except RetrievalError:
            texts = len(bundle.contents.passages) + len(gather_prompts(bundle))
            seconds = texts / figures()["work"]["texts_a_second" if patient.embedder else "texts_by_words_a_second"]
            yield Finding("index", "ok", f"{bundle.id}: built at the next start ({texts} texts, {_span(seconds)} at most; what is known already is not read again)")


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds > 90 else f"{max(1, seconds):.0f} s"


def check_recognisers(patient: Patient) -> Found:
    for name in patient.settings.recognisers:
        load_plugin("endonym.recognisers", name)()
        yield Finding("recognisers", "ok", f"{name} loads")
