"""Whether each engine is declared, answers, and serves somebody."""

from __future__ import annotations

from contextlib import aclosing
from time import perf_counter

import anyio

from endonym.assistant.router import undeclared, unfit_for
from endonym.core.errors import EndonymError, EngineUnavailable, SettingsError
from endonym.core.ids import new_id
from endonym.evaluate.server import Server, objects_of
from endonym.seams.turn import Message, Request, Turn
from endonym.wiring.compose import Composition, declared
from endonym.wiring.doctor.finding import Finding, Found, Patient, State, guarded
from endonym.wiring.settings import FILE, EngineSettings, Settings

_SLOW_S = 10.0
_ENGINE_S = 5.0


def check_engines(patient: Patient) -> Found:
    for name in patient.engines:
        yield from guarded("engines", _engine, patient, name)
    if not patient.engines:
        yield Finding("engines", "ok", "the guide alone: no model is needed, and none is asked")
    names = {f"{b.id}{rest}" for b in patient.bundles for rest in ("", *(f"/{audience}" for audience in b.contents.head.audiences))}
    for chain in patient.settings.chains:
        if names and chain not in names:
            yield Finding("engines", "error", f"chains: expected one of {', '.join(sorted(names))}, found {chain!r}", "Correct the name, or serve that pack.")


def _engine(patient: Patient, name: str) -> Found:
    wanted = patient.settings.engine(name)
    if missing := undeclared(declared(name, wanted)):
        yield Finding("engines", "error", f"{name}: expected every declaration of an external engine, found none of {', '.join(missing)}; it never serves",
                      f"Fill them in in [engines.{name}], from your contract with its provider.")  # fmt: skip
    if wanted.key_variable and not wanted.api_key:
        yield Finding("engines", "error", f"{name}: expected its key in the variable {wanted.key_variable}, found it empty", "Set it where the server is started.")
    if not wanted.languages and not wanted.demonstrates:
        yield Finding("engines", "warning", f"{name}: fit for no language, so it never serves",
                      f"Run `endonym eval PACK --engine {name}`, then write the languages that pass into [engines.{name}].")  # fmt: skip
    if wanted.kind == "openai":
        yield from _reachable(name, wanted)
    else:
        composition = Composition(patient.settings.bare())
        try:
            composition.engine(name)
        finally:
            anyio.run(composition.close)
        yield Finding("engines", "ok", f"{name}: {wanted.kind} is there ({wanted.route})")
    if patient.probe and not missing:
        yield anyio.run(_answers, patient.settings, name, wanted.timeout_s)


def _reachable(name: str, wanted: EngineSettings) -> Found:
    """Whether it answers, by a list that costs nothing."""
    base = wanted.base_url.rstrip("/")
    if not base or not wanted.model:
        raise SettingsError(f"{name}: expected base_url and model, found one of them empty", origin=FILE, remedy=f"Write both into [engines.{name}].")
    server = Server(base, wanted.api_key, timeout_s=_ENGINE_S)
    try:
        answer = server.get(base.removeprefix(server.address) + "/models")
    except EngineUnavailable as error:
        yield Finding("engines", "error", f"{name}: {base}: {error.message}", f"Start that server, or correct base_url in [engines.{name}].")
        return
    listed = [str(one.get("id")) for one in objects_of(answer.body.get("data"))]
    if answer.status in (401, 403):
        yield Finding("engines", "error", f"{name}: {base} does not take the key ({answer.reason})", f"Check the variable {wanted.key_variable or 'key_variable'}.")
    elif listed and wanted.model not in listed:
        yield Finding("engines", "error", f"{name}: expected the model {wanted.model}, found {', '.join(listed[:5])}", f"Correct `model` in [engines.{name}].")
    else:
        note = "lists the model" if listed else f"answers, without a list of models (status {answer.status}); --probe asks it something"
        yield Finding("engines", "ok", f"{name}: {base} {note} ({wanted.route})")


async def _answers(settings: Settings, name: str, timeout_s: float) -> Finding:
    composition = Composition(settings.bare())
    message = Message("user", "Reply with one word: ready")
    turn = Turn(new_id("turn"), "", "", "doctor", Request((message,), "", max_tokens=16, temperature=0.0), instructions=(message,))
    started, first, said = perf_counter(), 0.0, ""
    try:
        with anyio.fail_after(timeout_s):
            async with aclosing(composition.engine(name).generate(turn)) as deltas:
                async for delta in deltas:
                    first = first or (perf_counter() - started if delta.text else 0.0)
                    said += delta.text
    except TimeoutError:
        return Finding("engines", "error", f"{name}: expected a short reply within {timeout_s:.0f} s, found none", "Use a faster engine, or raise `timeout_s`.")
    except EndonymError as error:
        return Finding("engines", "error", f"{name}: does not answer: {error.message}", error.remedy or "See the log of its server.")
    finally:
        await composition.close()
    if not said.strip():
        return Finding("engines", "error", f"{name}: expected a word, found an empty reply", "Check `model`; some models answer nothing without a longer limit.")
    state: State = "warning" if first > _SLOW_S else "ok"
    return Finding("engines", state, f"{name}: first word after {first:.1f} s, done after {perf_counter() - started:.1f} s",
                   "Students wait that long: use a faster engine." if state == "warning" else "")  # fmt: skip


def check_languages(patient: Patient) -> Found:
    """Who writes replies in each language, by what is declared."""
    for bundle in patient.bundles:
        for audience, about in bundle.contents.head.audiences.items():
            chain = [name for name in patient.settings.chain_of(bundle.id, audience) if name != "guide"]
            words = []
            for language in bundle.languages:
                fit = [name for name in chain if not unfit_for(declared(name, patient.settings.engine(name)), language, minors=about.minors,
                                                               demonstration=patient.settings.demonstration)]  # fmt: skip
                words.append(f"{language}: {', '.join((*fit, 'then the guide')) if fit else 'the guide alone'}")
            yield Finding("languages", "ok", f"{bundle.id}/{audience}: {'; '.join(words)}")
