"""How much personal data is found, how much else is masked with it, and at what cost beside Presidio.

    .venv/bin/python bench/personal_data.py [--set N] [--all] [--show] [--speed]

1,000 texts are made with a fixed seed from a set of templates of personal_data.toml, the last unless another is named: Estonia (ee.ik), Finland (fi.hetu), the United
Kingdom (gb.nhs), Kazakhstan (kz.iin), Singapore (sg.nric) and Jordan (jo.nin, a plan without check digit), in nine languages, with
near misses: wrong check digits, orders, ISBNs, page ranges, years, dates of history, formulas whose numbers are valid
identifiers, phones and cards. An item counts as found when nothing of it is left; what is found must touch an item to count
as right. `--all` reports on every set, a line each; how each went when it was first run is in docs/privacy.md. `--show` lists what
is missed and what is wrong.

`--speed` installs presidio-analyzer in a temporary folder, with recognisers for the same kinds (its patterns, a pattern for each
identifier, phonenumbers for the same countries) on a blank spaCy model, since no trained one comes by pip; names are left out on both
sides. Both read the same texts in rounds that take turns; medians of processor time are printed, since other work on the machine
would count in the clock's.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

import phonenumbers
from goals import goal
from stdnum import iban, luhn

from endonym.evaluate.statistics import wilson
from endonym.privacy import Masker, find, identifier_plan

HERE = Path(__file__).resolve().parent
DATA = tomllib.loads((HERE / "personal_data.toml").read_text("utf-8"))
PLANS = {"EE": "ee.ik", "FI": "fi.hetu", "GB": "gb.nhs", "KZ": "kz.iin", "SG": "sg.nric", "JO": "jo.nin"}


@dataclass(frozen=True, slots=True)
class Item:
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sample:
    country: str
    text: str
    items: tuple[Item, ...]
    template: str


class Maker:
    """Fills templates. Each slot gives a text and, for personal ones, the kind and which part of it is personal."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.country = self.language = ""

    def sample(self, line: str) -> Sample:
        head, _, template = line.partition(" | ")
        self.country, self.language = head.split()
        text, items = "", []
        for number, piece in enumerate(template.replace("}", "{").split("{")):
            if number % 2 == 0:
                text += piece
                continue
            written, kind, start, length = self.fill(piece)
            if kind:
                items.append(Item(kind, len(text) + start, len(text) + start + length))
            text += written
        return Sample(self.country, text, tuple(items), template)

    def fill(self, slot: str) -> tuple[str, str, int, int]:
        kinds = {"id": "identifier", "phone": "phone", "email": "email", "iban": "iban", "card": "card", "ip": "ip", "birth": "birth"}
        if slot == "name":
            name, ending = self.draw.choice(DATA["written"][self.language])
            return name + ending, "name", 0, len(name)
        if slot == "link":
            before, personal, after = self.link()
            return before + personal + after, "link", len(before), len(personal)
        written = getattr(self, slot)()
        return written, kinds.get(slot, ""), 0, len(written)

    def digits(self, count: int) -> str:
        return str(self.draw.randint(1, 9)) + "".join(self.draw.choices("0123456789", k=count - 1))

    def fitting(self, make: Callable[[], str], fits: Callable[[str], bool]) -> str:
        return next(number for _ in iter(int, 1) if fits(number := make()))

    def raw_id(self) -> str:
        date = f"{self.draw.randint(5, 12):02d}{self.draw.randint(1, 12):02d}{self.draw.randint(1, 28):02d}"
        return {
            "EE": lambda: self.draw.choice("56") + date + "".join(self.draw.choices("0123456789", k=4)),
            "FI": lambda: f"{date[4:]}{date[2:4]}{date[:2]}A{self.draw.randint(2, 899):03d}{self.draw.choice('0123456789ABCDEFHJKLMNPRSTUVWXY')}",
            "GB": lambda: self.digits(10),
            "KZ": lambda: date + self.draw.choice("56") + "".join(self.draw.choices("0123456789", k=5)),
            "SG": lambda: self.draw.choice("TTSG") + "".join(self.draw.choices("0123456789", k=7)) + self.draw.choice("ABCDEFGHIJKLMNPQRTUWXZ"),
            "JO": lambda: self.draw.choice("29") + "".join(self.draw.choices("0123456789", k=9)),
        }[self.country]()

    def id(self) -> str:
        plan = identifier_plan(PLANS[self.country])
        number = self.fitting(self.raw_id, plan.is_valid)
        if self.country == "GB" and self.draw.random() < 0.6:
            return f"{number[:3]} {number[3:6]} {number[6:]}"
        if self.country == "SG" and self.draw.random() < 0.2:
            return number.lower()
        if self.country == "JO" and self.language == "ar" and self.draw.random() < 0.4:
            return arabic(number)
        return number

    def bad_id(self) -> str:
        plan = identifier_plan(PLANS[self.country])
        return self.fitting(self.raw_id, lambda number: not plan.is_valid(number))

    def eq_id(self) -> str:
        return self.fitting(self.raw_id, identifier_plan(PLANS[self.country]).is_valid)

    def number(self) -> str:
        start, count = {"EE": ("5", 8), "FI": ("4" + self.draw.choice("0456"), 9), "GB": ("7" + self.draw.choice("4578"), 10),
                        "KZ": ("70" + self.draw.choice("1257"), 10), "SG": (self.draw.choice("89"), 8), "JO": ("7" + self.draw.choice("789"), 9)}[self.country]  # fmt: skip
        return self.fitting(lambda: start + "".join(self.draw.choices("0123456789", k=count - len(start))),
                            lambda n: phonenumbers.is_valid_number(phonenumbers.parse(n, self.country)))  # fmt: skip

    def phone(self) -> str:
        form = self.draw.choice(("E164", "INTERNATIONAL", "NATIONAL", "bare"))
        parsed = phonenumbers.parse(self.number(), self.country)
        if form != "bare":
            written = phonenumbers.format_number(parsed, getattr(phonenumbers.PhoneNumberFormat, form))
        else:
            prefix = {"FI": "0", "GB": "0", "JO": "0", "KZ": "8"}.get(self.country, "")
            written = prefix + str(parsed.national_number)
        return arabic(written) if self.language == "ar" and self.draw.random() < 0.3 else written

    def eq_phone(self) -> str:
        number = self.number()
        return f"{number[:-4]} {number[-4:]}" if self.draw.random() < 0.3 else number

    def email(self) -> str:
        host = self.draw.choice(("kool.ee", "example.com", "gmail.com", "mail.ru", "school.edu.sg", "posti.fi", "tõru.ee"))
        return self.draw.choice(("mari.tamm", "j_kask07", "a+b", "lina-h", "t.omarov2009", "rose'o", "x")) + "@" + host

    def iban(self) -> str:
        country, length = self.draw.choice((("EE", 16), ("FI", 14), ("DE", 18), ("KZ", 16)))
        def make() -> str:
            body = "".join(self.draw.choices("0123456789", k=length))
            check = 98 - int("".join(str(int(char, 36)) for char in body + country + "00")) % 97
            return f"{country}{check:02d}{body}"
        number = self.fitting(make, iban.is_valid)
        return " ".join(number[at : at + 4] for at in range(0, len(number), 4)) if self.draw.random() < 0.6 else number

    def bad_iban(self) -> str:
        return "EE" + self.fitting(lambda: self.digits(18), lambda number: not iban.is_valid("EE" + number))

    def raw_card(self, valid: bool) -> str:
        number = self.fitting(lambda: self.draw.choice(("4", "51", "55")) + self.digits(14), lambda n: len(n) == 16 and luhn.is_valid(n) == valid)
        return " ".join(number[at : at + 4] for at in range(0, 16, 4)) if self.draw.random() < 0.6 else number

    def card(self) -> str:
        return self.raw_card(True)

    eq_card = card

    def bad_card(self) -> str:
        return self.raw_card(False)

    def ip(self) -> str:
        if self.draw.random() < 0.3:
            return "2a02:26f7:" + ":".join(f"{self.draw.randint(0x1000, 0xFFFF):x}" for _ in range(6))
        return f"{self.draw.choice((62, 84, 90, 195, 212))}.{self.draw.randint(50, 250)}.{self.draw.randint(0, 255)}.{self.draw.randint(1, 254)}"

    def local_ip(self) -> str:
        return self.draw.choice(("192.168.1.1", "10.0.0.138", "127.0.0.1", "172.16.4.20", "192.168.0.0/24", "fe80::1"))

    def link(self) -> tuple[str, str, str]:
        user = self.draw.choice(("mari.tamm", "j_kask07", "linah", "timur2009"))
        return self.draw.choice((("https://www.instagram.com/", user, "/"), ("https://vk.com/", user, ""), ("https://forum.example.org/users/", user, "/posts?page=2"),
                                 ("https://kool.example.ee/login?token=", "9f8e7d6c5b4a39281706", "&lang=et"), ("https://www.example.edu/~", user, "/cv.html"),
                                 ("https://app.example.com/reset?user=", user, ""), ("https://www.tiktok.com/@", user, "")))  # fmt: skip

    def date(self, year: int) -> str:
        day, month = self.draw.randint(1, 28), self.draw.randint(1, 12)
        if self.language == "zh":
            return f"{year}年{month}月{day}日"
        name = DATA["months"][self.language][month - 1]
        numeric = self.draw.choice((f"{day:02d}.{month:02d}.{year}", f"{day}/{month}/{year}", f"{year}-{month:02d}-{day:02d}"))
        word = {"en": self.draw.choice((f"{day} {name} {year}", f"{name} {day}, {year}")), "et": f"{day}. {name} {year}", "fi": f"{day}. {name} {year}",
                "kk": f"{year} жылғы {day} {name}", "ta": f"{year} {name} {day}"}.get(self.language, f"{day} {name} {year}")  # fmt: skip
        chosen = numeric if self.draw.random() < 0.5 else word
        return arabic(chosen) if self.language == "ar" and self.draw.random() < 0.3 else chosen

    def birth(self) -> str:
        return self.date(self.draw.randint(2006, 2012))

    def history(self) -> str:
        return self.date(self.draw.randint(1700, 1910))

    def history20(self) -> str:
        return self.date(self.draw.randint(1917, 1991))

    def order(self) -> str:
        return self.digits(self.draw.choice((8, 9, 10, 11, 12)))

    def isbn(self) -> str:
        body = "978" + self.digits(9)
        number = body + str(-sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(body)) % 10)
        return self.draw.choice((number, f"{number[:3]}-{number[3:7]}-{number[7:10]}-{number[10:12]}-{number[12]}"))

    def big(self) -> str:
        return f"{self.draw.randint(1_000_000, 999_999_999):,}".replace(",", self.draw.choice((" ", "\u00a0", ",")))

    def year(self) -> str:
        return str(self.draw.randint(1200, 2026))

    def years(self) -> str:
        first = self.draw.randint(1400, 1990)
        return f"{first}{self.draw.choice('-–')}{first + self.draw.randint(1, 9)}"

    def pages(self) -> str:
        first = self.draw.randint(10, 400)
        return f"{first}–{first + self.draw.randint(2, 30)}"

    def time(self) -> str:
        return f"{self.draw.randint(0, 23):02d}:{self.draw.randint(0, 59):02d}:{self.draw.randint(0, 59):02d}"

    def version(self) -> str:
        return ".".join(str(self.draw.randint(0, 20)) for _ in range(self.draw.choice((3, 4))))

    def source(self) -> str:
        return self.draw.choice(DATA["sources"])

    def common(self) -> str:
        return self.draw.choice(DATA["common"].get(self.language, ["tree"]))


def arabic(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


def make(number: str) -> list[Sample]:
    maker = Maker(20261126)
    lines = DATA["sets"][number]
    return [maker.sample(lines[at % len(lines)]) for at in range(1000)]


def found(sample: Sample) -> list[Item]:
    """What the masker replaced, with the places in the text read back from what is left between placeholders."""
    masker = Masker(sample.country, (PLANS[sample.country],), DATA["roster"])
    masked = masker.mask(sample.text)
    items, at, rest = [], 0, masked
    known = {mask.placeholder: mask for mask in masker.masks}
    while "⟦" in rest:
        before, _, rest = rest.partition("⟦")
        name, _, rest = rest.partition("⟧")
        mask = known[f"⟦{name}⟧"]
        at += len(before)
        items.append(Item(mask.kind, at, at + len(mask.original)))
        at += len(mask.original)
    return items


def measure(samples: list[Sample], *, show: bool, kinds: bool) -> str:
    """A line of a table for all kinds together; prints one of each kind before, where asked."""
    wanted, hit, given, right = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for sample in samples:
        items = found(sample)
        for item in sample.items:
            wanted[item.kind] += 1
            covered = any(other.start <= item.start and item.end <= other.end for other in items)
            hit[item.kind] += covered
            if show and not covered:
                print(f"missed {item.kind} {sample.text[item.start:item.end]!r}: {sample.text}")
        for item in items:
            given[item.kind] += 1
            touches = any(other.start < item.end and item.start < other.end for other in sample.items)
            right[item.kind] += touches
            if show and not touches:
                print(f"wrong {item.kind} {sample.text[item.start:item.end]!r}: {sample.text}")
    for kind in sorted(wanted | given) if kinds else ():
        print(f"| {kind} | {share(hit[kind], wanted[kind])} | {share(right[kind], given[kind])} |")
    return f"{share(hit.total(), wanted.total())} | {share(right.total(), given.total())}"


def share(part: int, whole: int) -> str:
    low, high = wilson(part, whole)
    return f"{part} of {whole}, {part / whole:.1%} | {low:.1%} to {high:.1%}" if whole else "– | –"


def read(samples: list[Sample]) -> float:
    """Microseconds of processor time per kB of UTF-8 that finding takes."""
    started = process_time()
    for sample in samples:
        find(sample.text, sample.country, (PLANS[sample.country],))
    return (process_time() - started) * 1e6 / size(samples)


def size(samples: list[Sample]) -> float:
    return sum(len(sample.text.encode()) for sample in samples) / 1000


def speed(samples: list[Sample], rounds: int = 15) -> None:
    """Rounds that take turns, over texts with personal data, with near misses only, and with no digit at all."""
    groups = {
        "with personal data": [s for s in samples if s.items], "near misses only": [s for s in samples if not s.items],
        "no digits": [replace(s, text="".join(char for char in s.text if not char.isdigit() and char not in "@/")) for s in samples],
    }  # fmt: skip
    times: dict[tuple[str, str], list[float]] = {(who, group): [] for who in ("endonym", "presidio") for group in groups}
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "presidio-analyzer"], check=True, stderr=subprocess.DEVNULL)
        version = subprocess.run([python, "-c", "from importlib.metadata import version; print(version('presidio-analyzer'))"],
                                 check=True, capture_output=True, text=True).stdout.strip()  # fmt: skip
        with subprocess.Popen([python, HERE / "personal_data_presidio.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as peer:
            assert peer.stdin is not None and peer.stdout is not None
            if peer.stdout.readline().strip() != "ready":
                raise SystemExit("presidio did not start")
            for number in range(rounds + 1):
                for group, own in groups.items():
                    mine = read(own)
                    peer.stdin.write(json.dumps([(s.country, s.text) for s in own]) + "\n")
                    peer.stdin.flush()
                    theirs = float(peer.stdout.readline()) * 1e6 / size(own)
                    if number:  # the first round warms up
                        times["endonym", group].append(mine)
                        times["presidio", group].append(theirs)
            peer.stdin.close()
    print(f"\n| µs per kB, median of {rounds} rounds | {' | '.join(groups)} |\n|{' --- |' * (len(groups) + 1)}")
    medians = {key: statistics.median(values) for key, values in times.items()}
    for who, title in (("endonym", "endonym"), ("presidio", f"presidio-analyzer {version}, blank model")):
        print(f"| {title} | {' | '.join(f'{medians[who, group]:.0f}' for group in groups)} |")
    shares = [medians["presidio", group] / medians["endonym", group] for group in groups]
    print(f"| share of its time | {' | '.join(f'1/{one:.1f}' for one in shares)} |\n")
    goal("personal data: presidio's time over ours, texts full of it", shares[0], least=5, decimals=1)


def main() -> None:
    last = list(DATA["sets"])[-1]
    chosen = sys.argv[sys.argv.index("--set") + 1] if "--set" in sys.argv else last
    print("| | found | 95 % interval | of what was masked, personal | 95 % interval |\n| --- | --- | --- | --- | --- |")
    for number in DATA["sets"] if "--all" in sys.argv else (chosen,):
        line = measure(make(number), show="--show" in sys.argv, kinds="--all" not in sys.argv)
        print(f"| set {number}, {len(DATA['sets'][number])} templates | {line} |")
    print("\nEvery set is in view of the rules by now. First runs on sets that nobody had tuned for: docs/privacy.md.")
    if "--speed" in sys.argv:
        speed(make(chosen))


if __name__ == "__main__":
    main()
