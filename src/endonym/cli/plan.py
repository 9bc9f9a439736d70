"""`endonym plan`: what serving so many students takes."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import click

from endonym.cli.progress import progress

if TYPE_CHECKING:
    from endonym.evaluate.plan import Demand, Effect, Load, Prices

_ASSUMPTIONS = ("active", "turns", "burst", "hours", "weeks", "conversation", "reply", "busy", "pace")


def _assumptions(command: Callable[..., None]) -> Callable[..., None]:
    """An option for each assumption; values and words stand in plan.toml, read when they are needed."""
    for name in reversed(_ASSUMPTIONS):
        command = click.option(f"--{name}", type=click.FloatRange(0, min_open=True), help="An assumption: see the list that is printed.")(command)
    return command


@click.command(name="plan")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--students", type=click.IntRange(1), required=True, help="How many students there are, not how many at once.")
@click.option("--engine", help="An engine of the settings, or `guide` for no model.")
@click.option("--price-in", type=click.FloatRange(0), help="Price of a million tokens that go in, in your currency.")
@click.option("--price-out", type=click.FloatRange(0), help="Price of a million tokens that are written.")
@click.option("--price-cached", type=click.FloatRange(0), help="Price of a million tokens that go in and stood alike before.")
@click.option("--gpu-tokens", type=click.FloatRange(0, min_open=True), help="Tokens a second that one GPU of yours writes, over all requests at once.")
@click.option("--share", "shares", multiple=True, metavar="LANGUAGE=N", help="How the questions divide, such as --share et=8 --share ru=2.")
@_assumptions
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    path: Path | None, students: int, engine: str | None, price_in: float | None, price_out: float | None, price_cached: float | None,
    gpu_tokens: float | None, shares: tuple[str, ...], form: str, **given: float | None,
) -> None:  # fmt: skip
    """Estimate hardware, tokens and cost for a number of students, from the real instructions of the pack or bundle at PATH.

    Prices are yours to give, here or as those of the engine in the settings: none is built in. Everything else that is assumed is
    printed and is an option.

    \b
    Examples:
      endonym plan packs/estonia-upper-secondary --students 20000
      endonym plan packs/estonia-upper-secondary --students 600 --engine guide
      endonym plan ee.bundle --students 20000 --price-in 2 --price-out 8 --share et=8 --share ru=2
    """
    from endonym.core.errors import RequestError
    from endonym.evaluate.plan import Prices, defaults
    from endonym.wiring.settings import FILE, read_settings

    settings = read_settings()
    wanted = settings.engine(engine) if engine and engine != "guide" else None
    said = ""
    if wanted and wanted.price_in is not None and wanted.price_out is not None and price_in is None and price_out is None:
        price_in, price_out = float(wanted.price_in), float(wanted.price_out)
        said = f"{engine} costs {wanted.price_in} in and {wanted.price_out} out for a million tokens{f', in {settings.currency}' if settings.currency else ''}, as set in {FILE}."
    if (price_in is None) != (price_out is None) or (price_cached is not None and price_in is None):
        raise RequestError("expected --price-in and --price-out together, found one of them", param="--price-in", remedy="Providers publish both.")
    prices = Prices(price_in, price_out, price_cached) if price_in is not None and price_out is not None else None
    load, notes = _load(path, shares, wanted.context_tokens if wanted else 8192)
    notes += [said] if said else []
    divided = _divided(shares, load)
    if wanted and wanted.languages and (left := [language for language in divided if language not in wanted.languages]):
        notes.append(f"{engine} has no fitness record for {', '.join(left)}: those questions go to the guide, at no cost in tokens. Here they are counted in.")
    assumed = {name: given[name] if given[name] is not None else value for name, value in defaults().items()}
    plan = _Plan(load, students, engine or "", divided, {name: float(value or 0) for name, value in assumed.items()}, prices, gpu_tokens, tuple(notes))
    click.echo(json.dumps(plan.data(), ensure_ascii=False, indent=2) if form == "json" else "\n".join(plan.lines()))


def _load(path: Path | None, shares: tuple[str, ...], context_tokens: int) -> tuple[Load, list[str]]:
    from endonym.evaluate.plan import measure, typical
    from endonym.wiring.compose import Composition
    from endonym.wiring.settings import read_settings

    if path is None:
        languages = [one.partition("=")[0] for one in shares] or ["en"]
        return typical(languages), ["No pack was named: instructions are taken as long as those of packs/estonia-upper-secondary. Name yours."]
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings().bare().model_copy(update={"state": Path(folder), "chain": (), "chains": {}})
        composition = Composition(settings, progress(quiet_off_terminal=True))
        try:
            bundle = composition.bundle(path)
            load = anyio.run(measure, bundle, composition.index(bundle), composition.tools, Path(folder), context_tokens)
        finally:
            anyio.run(composition.close)
    return load, []


def _divided(shares: tuple[str, ...], load: Load) -> dict[str, float]:
    """Share of each language, adding up to 1; the pack's default language alone where none is given."""
    from endonym.core.errors import RequestError

    found: dict[str, float] = {}
    for one in shares:
        language, _, number = one.partition("=")
        try:
            found[language] = float(number)
        except ValueError:
            found[language] = -1.0
        if language not in load.sizes or not 0 < found[language] < math.inf:
            raise RequestError(f"expected a language of {', '.join(load.sizes)} with a number, such as et=8, found {one!r}", param="--share",
                               remedy="Give one --share for each language that is asked in.")  # fmt: skip
    found = found or {next(iter(load.sizes)): 1.0}
    return {language: number / sum(found.values()) for language, number in found.items()}


@dataclass(frozen=True, slots=True)
class _Plan:
    load: Load
    students: int
    engine: str
    shares: dict[str, float]
    assumed: dict[str, float]
    prices: Prices | None
    gpu_tokens: float | None
    notes: tuple[str, ...]

    @property
    def model(self) -> bool:
        return self.engine != "guide"

    @property
    def demand(self) -> Demand:
        from endonym.evaluate.plan import demand

        return demand(self.load, self.students, self.shares, self.assumed, self.prices if self.model else None)

    @property
    def effects(self) -> tuple[Effect, ...]:
        from endonym.evaluate.plan import effects

        return effects(self.load, self.students, self.shares, self.assumed, self.prices if self.model else None, model=self.model)

    def gpus(self, asked: Demand) -> int | None:
        return math.ceil(asked.output_s[1] / self.gpu_tokens) if self.gpu_tokens else None

    def data(self) -> dict[str, Any]:
        from endonym.evaluate.plan import memory_mb, storage, turn_tokens

        asked = self.demand
        processes, memory = memory_mb(self.load, asked.cores)
        languages = {
            language: {**asdict(turn_tokens(self.load, language, self.assumed)), "share": self.shares.get(language, 0.0),
                       "against_english": asdict(self.load.taxes[language]), "measured_over_turns": size.turns}
            for language, size in self.load.sizes.items()
        }  # fmt: skip
        demand = {name: value for name, value in asdict(asked).items() if self.model or name in ("peak_turns_s", "month_turns", "year_turns", "cores")}
        return {
            "pack": self.load.name, "students": self.students, "engine": self.engine, "assumptions": self.assumed, "tokens_a_turn": languages,
            "demand": demand, "gpus": self.gpus(asked) if self.model else None, "processes": processes, "memory_mb": memory,
            "storage": storage(self.load, self.shares, asked.year_turns), "retention_days": self.load.retention_days,
            "effects": [asdict(one) for one in self.effects], "notes": list(self.notes),
        }  # fmt: skip

    def lines(self) -> list[str]:
        asked = self.demand
        parts = [[f"{self.students:,} students, {self.load.name}" + (f", {self.engine}" if self.engine else "")], list(self.notes), self._assumed_lines(),
                 self._turn_lines() if self.model else [], self._load_lines(asked), self._machine_lines(asked),
                 self._model_lines(asked) if self.model else [], self._cost_lines(asked) if self.model else [], self._storage_lines(asked),
                 self._effect_lines()]  # fmt: skip
        return [line for part in parts if part for line in (*part, "")][:-1]

    def _assumed_lines(self) -> list[str]:
        from endonym.evaluate.plan import figures

        rows = figures()["assumption"]
        used = [name for name in _ASSUMPTIONS if self.model or name in ("active", "turns", "burst", "hours", "weeks", "busy")]
        return [_bold("Assumed, not measured (change each by its option):"),
                *(f"  --{name:<13} {self.assumed[name]:<6g} {rows[name]['about']}" for name in used)]  # fmt: skip

    def _turn_lines(self) -> list[str]:
        from endonym.evaluate.plan import turn_tokens

        lines = [_bold("Tokens of one question and reply, fewest to most by the model's tokenizer:"),
                 f"  {'language':<10}{'share':>6}  {'in':<18}{'of it alike before':<20}{'out':<14}against English"]  # fmt: skip
        for language in self.load.sizes:
            taken, own = turn_tokens(self.load, language, self.assumed), self.load.taxes[language]
            against = "1" if own.low == own.high == 1 else f"{own.low:.2f} to {own.high:.2f}, {'measured' if own.measured else 'estimated from the pack’s texts'}"
            lines.append(f"  {language:<10}{self.shares.get(language, 0):>6.0%}  {_pair(taken.input):<18}{_pair(taken.same):<20}{_pair(taken.output):<14}{against}")
        return lines

    def _load_lines(self, asked: Demand) -> list[str]:
        return [_bold("Questions:"), f"  {asked.peak_turns_s:,.2g} a second at the peak; {_short(asked.month_turns)} a month of lessons, {_short(asked.year_turns)} a year"]

    def _machine_lines(self, asked: Demand) -> list[str]:
        from endonym.evaluate.plan import figures, memory_mb

        processes, memory = memory_mb(self.load, asked.cores)
        work = figures()["work"]
        return [
            _bold("Machine for the guide, and for preparing a model's turns:" if self.model else "Machine:"),
            f"  {math.ceil(asked.cores)} core(s) for questions at the peak ({asked.cores:.2g}, at {work['turn_s'] * 1000:.0f} ms a question, median; "
            f"{asked.cores * work['slow_turn_s'] / work['turn_s']:.2g} at the 95th percentile), and one for the rest",
            f"  {_short(memory)} MB for `endonym serve --workers {processes}`",
        ]  # fmt: skip

    def _model_lines(self, asked: Demand) -> list[str]:
        lines = [_bold("A model of your own must, at the peak:"),
                 f"  read {_pair(asked.input_s)} tokens a second (less what stood alike, where its server caches) and write {_pair(asked.output_s)}",
                 f"  in {_pair(asked.streams)} replies at once"]  # fmt: skip
        if self.gpu_tokens:
            lines.append(f"  {self.gpus(asked)} GPU(s) that write {self.gpu_tokens:,.0f} tokens a second each; reading is extra: measure it with your server")
        else:
            lines.append("  Measure what one GPU of yours writes with all its requests together, and give it as --gpu-tokens.")
        return lines

    def _cost_lines(self, asked: Demand) -> list[str]:
        head = _bold("A hosted model:")
        tokens = f"  {_pair(asked.month_input)} tokens in and {_pair(asked.month_output)} out, a month of lessons"
        if asked.month_cost is None:
            return [head, tokens, "  Give --price-in and --price-out for its cost: prices change, so none is built in."]
        low, high = asked.month_cost
        year = self.assumed["weeks"] / (52 / 12)
        return [head, tokens, f"  costs {_pair((low, high))} a month of lessons, {_pair((low * year, high * year))} a year, "
                f"{low * year / self.students:.2f} to {high * year / self.students:.2f} a student and year"]  # fmt: skip

    def _storage_lines(self, asked: Demand) -> list[str]:
        from endonym.evaluate.plan import storage

        found = storage(self.load, self.shares, asked.year_turns)
        days = self.load.retention_days
        kept = f"deleted after {days} days, so at most {_bytes(found['conversations_kept'])} at once" if days is not None else "kept until somebody deletes them"
        return [
            _bold("Disk (and as much again for a backup):"),
            f"  conversations  {_bytes(found['conversations_year'])} a year ({_bytes(found['turn'])} a question); {kept}",
            f"  ledger         {_bytes(found['ledger_year'])} a year, kept for good",
            f"  index          {_bytes(found['index'])}; embedded once, in {max(1, found['index_s'] / 60):.0f} minute(s) of one core",
        ]  # fmt: skip

    def _effect_lines(self) -> list[str]:
        what = "the cost of a year" if self.prices and self.model else "the tokens written at the peak" if self.model else "the processors"
        lines = [_bold(f"What would change {what} most, within ranges that may well be:")]
        for one in self.effects[:5]:
            name = "another tokenizer" if one.name == "tokenizer" else f"--{one.name} {one.range[0]:g} to {one.range[1]:g}"
            lines.append(f"  {name:<28} {min(one.low, one.high):.2g} to {max(one.low, one.high):.2g} times of it")
        if self.model and self.prices and self.prices.cached is None:
            same = sum(share * self.load.sizes[language].same for language, share in self.shares.items())
            lines.append(f"  {same:.0%} of the instruction stands alike each time: a lower price for that (--price-cached) changes it, too")
        return lines


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _pair(pair: tuple[float, float]) -> str:
    low, high = _short(pair[0]), _short(pair[1])
    return low if low == high else f"{low} to {high}"


def _short(number: float) -> str:
    """Two or three figures: no estimate has more."""
    for size, name in ((1e9, " billion"), (1e6, " million")):
        if number >= size:
            return f"{number / size:.3g}{name}"
    if number >= 1000:
        digits = 10 ** (math.floor(math.log10(number)) - 2)
        return f"{round(number / digits) * digits:,}"
    return f"{number:.3g}"


def _bytes(number: float) -> str:
    for size, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if number >= size:
            return f"{number / size:.3g} {name}"
    return f"{number:.0f} B"
