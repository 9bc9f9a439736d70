"""Administrators and lists: in a browser, over HTTP, in the ledger, and across schools."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect
from starlette.routing import Route

from endonym.store import Store
from endonym.tutor.admin import admin_routes, school_id
from endonym.tutor.desk import Desk
from endonym.tutor.operation import Operation
from endonym.tutor.roster import MOST_UPLOAD
from endonym.wiring.compose import Composition
from tests.adapters.engines.scripted import Scripted, scripted
from tests.browser import needs_chromium
from tests.conftest import TINY
from tests.served import EngineSettings, running
from tests.tutor.test_classes import client, kept, key, opened, teacher

TARTU, NARVA = "Tartu Gümnaasium", "Narva kool"
FAULTY = "klass;nimi\n11b;Mari Tamm\n11b;=HYPERLINK(1)\n11b;Mari Tamm\n11c\n11c;Jüri Õun\n"


@pytest.fixture(scope="module")
def engine() -> Iterator[Scripted]:
    with scripted() as found:
        found.says("Taimed vajavad kasvamiseks palju valgust. ")
        yield found


@pytest.fixture(scope="module")
def served(engine: Scripted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Composition]]:
    ours = EngineSettings(kind="openai", base_url=f"http://127.0.0.1:{engine.port}/v1", model="m", languages=("et",), timeout_s=5, route="external",
                          storage_region="EU", inference_region="EU", key_holder="Näidis OÜ", jurisdiction="EE", training_use="none", telemetry="none")  # fmt: skip
    with running([TINY], Path(tmp_path_factory.mktemp("state")), chain=("ours",), engines={"ours": ours}) as found:
        yield found


def administrator(address: str, store: Store, school: str = TARTU, language: str = "et") -> httpx2.Client:
    found = client(address, language)
    assert found.post("/admin/in", data={"key": store.access.add_key("Juht", ["administrator"], school=school)}).status_code == 200
    return found


def sent(who: httpx2.Client, path: str, text: str, **fields: str) -> httpx2.Response:
    return who.post(path, files={"file": ("list.csv", text.encode(), "text/csv")}, data={"pack": "tiny/et", **fields})


def confirmed(who: httpx2.Client, path: str, page: httpx2.Response, **fields: str) -> httpx2.Response:
    held = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return who.post(path, data={**held, **fields})


def codes(page: str) -> dict[str, str]:
    return {name: code.replace(" ", "") for name, code in re.findall(r'<td dir="auto">([^<]*)<br>.*?<span class="shout" dir="ltr">([^<]*)</span>', page)}


# ---- journeys


@needs_chromium
@pytest.mark.parametrize("script", [True, False])
def test_a_list_with_faults_becomes_classes_and_its_sheet_opens_them_once(chromium: Browser, served: tuple[str, Composition], tmp_path: Path, script: bool) -> None:
    address, composition = served
    (tmp_path / "list.csv").write_bytes(FAULTY.encode("windows-1257"))
    page, complaints = opened(chromium, java_script_enabled=script)
    page.goto(f"{address}/teach")
    page.get_by_label("Teie võti").fill(key(composition.store, f"maie-{script}", f"Maie kool {script}"))
    page.get_by_role("button", name="Logi sisse").click()
    page.get_by_role("link", name="Klassid nimekirjast").click()
    page.get_by_label("Nimekiri").set_input_files(tmp_path / "list.csv")
    page.get_by_role("button", name="Kontrolli nimekirja").click()
    faults = page.locator(".faults > li")
    expect(faults).to_have_count(4)
    expect(faults.first).to_contain_text("list.csv:3")
    expect(faults.first).to_contain_text("leiti =HYPERLINK(1)")
    expect(faults.last).to_contain_text("windows-1257")
    expect(page.locator(".rows").last).to_contain_text("Uusi õpilasi: 1")
    assert composition.store.classes.taught(f"maie-{script}", f"Maie kool {script}") == ()
    page.get_by_label("Jäta vigased read välja").check()
    page.get_by_role("button", name="Impordi").click()
    expect(page.locator(".sheet")).to_have_count(2)
    code = page.locator(".codes .shout").first.inner_text()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Salvesta CSV-na").click()
    assert code in saved.value.path().read_text("utf-8-sig")
    page.get_by_role("link", name="Tagasi").click()
    expect(page.locator(".cards")).to_contain_text("Liitunud õpilasi: 1")

    pupil, grumbles = opened(chromium, java_script_enabled=script)
    pupil.goto(f"{address}/join")
    pupil.get_by_label("Sinu naasmiskood").fill(code.lower())
    pupil.get_by_role("button", name="Edasi").last.click()
    own = pupil.locator(".shout").inner_text()
    assert own != code
    expect(pupil.locator("h1")).to_have_text("Oled nüüd klassis 11b.")
    again, _ = opened(chromium, java_script_enabled=script)
    again.goto(f"{address}/join")
    again.get_by_label("Sinu naasmiskood").fill(code)
    again.get_by_role("button", name="Edasi").last.click()
    expect(again.locator(".problem")).to_have_text(re.compile("naasmiskood"))
    assert [line for line in (*complaints, *grumbles) if "422" not in line] == []


@needs_chromium
def test_an_administrator_makes_and_revokes_a_teacher_s_key_and_lets_a_quota_begin_anew(chromium: Browser, served: tuple[str, Composition]) -> None:
    address, composition = served
    access, school = composition.store.access, "Võru kool"
    caller = access.caller(access.add_key("Moodle", ["student"], school=school, group="7b"))
    assert caller is not None
    access.set_budget(f"class:{school}/7b", "requests", "month", 10)
    access.settle(str(access.reserve(caller.scopes, {"requests": 1})), {"requests": 10})
    page, complaints = opened(chromium)
    page.goto(f"{address}/admin")
    page.get_by_label("Teie võti").fill(access.add_key("Juht", ["administrator"], school=school))
    page.get_by_role("button", name="Logi sisse").click()
    expect(page.locator("h1")).to_have_text(school)
    page.get_by_label("Milleks see on").fill("Bioloogia <b>õpetaja</b>")
    page.get_by_role("button", name="Tee võti").click()
    secret = page.locator(".secret").inner_text()
    page.get_by_role("link", name="Tagasi").click()
    row = page.locator("#keys .rows > li", has_text="Bioloogia <b>õpetaja</b>")
    expect(row).not_to_contain_text(secret)

    guide, _ = opened(chromium)
    guide.goto(f"{address}/teach")
    guide.get_by_label("Teie võti").fill(secret)
    guide.get_by_role("button", name="Logi sisse").click()
    expect(guide.locator("h1")).to_have_text("Teie klassid")
    row.get_by_text("Muuda").click()
    row.get_by_role("button", name="Tühista").click()
    expect(page.locator("#keys .rows > li", has_text="Bioloogia")).to_contain_text("tühistatud")
    guide.reload()
    expect(guide.get_by_label("Teie võti")).to_be_visible()

    quota = page.locator("#quotas .rows > li")
    expect(quota).to_contain_text("10, piir 10")
    quota.get_by_role("button", name="Alusta uuesti").click()
    expect(page.locator("#quotas .rows > li")).to_contain_text("0, piir 10")
    expect(page.locator("#deeds .rows")).to_contain_text("Piirmäära uuesti alustamine")
    page.get_by_label("Kuni").fill("palju")
    page.get_by_role("button", name="Sea", exact=True).click()
    expect(page.locator("#quotas .problem")).to_be_visible()
    assert [line for line in complaints if "422" not in line] == []


# ---- lists


def test_a_name_of_the_list_never_reaches_an_engine(served: tuple[str, Composition], engine: Scripted) -> None:
    address, composition = served
    guide = teacher(address, composition.store, "nimed", TARTU)
    page = sent(guide, "/teach/roster", "class;name\n10a;Pähkel Põldsaar\n10a;Kuslap Kruus\n")
    sheet = confirmed(guide, "/teach/roster", page).text
    pupil = client(address)
    pupil.post("/return", data={"code": codes(sheet)["Pähkel Põldsaar"]})
    before = len(engine.bodies)
    asked = "Kas Kuslap Kruus ütles õigesti, millal sõlmiti Tartu rahu?"
    assert pupil.post("/t/tiny/ask", data={"message": asked}).status_code == 200
    keyed = openai.OpenAI(base_url=f"{address}/v1", api_key=composition.store.access.add_key("k", ["student"], school=TARTU, group="10a"), max_retries=0)
    keyed.chat.completions.create(model="tiny/student", messages=[{"role": "user", "content": asked}])
    other = openai.OpenAI(base_url=f"{address}/v1", api_key=composition.store.access.add_key("k", ["student"], school=NARVA, group="10a"), max_retries=0)
    other.chat.completions.create(model="tiny/student", messages=[{"role": "user", "content": asked}])
    told = [json.dumps(body, ensure_ascii=False) for body in engine.bodies[before:]]
    assert len(told) == 3, "the engine was not asked: the test looks at nothing"
    assert all("Kuslap" not in one and "⟦name-1⟧" in one for one in told[:2]) and "Kuslap" in told[2], "another school's list masks nothing"


def test_a_list_is_checked_again_whatever_is_sent_back(served: tuple[str, Composition]) -> None:
    address, composition = served
    guide = teacher(address, composition.store, "kontroll", TARTU)
    page = sent(guide, "/teach/roster", FAULTY)
    assert page.status_code == 422 and 'name="skip" value="yes" required' in page.text
    assert confirmed(guide, "/teach/roster", page).status_code == 422, "not without saying so"
    assert confirmed(guide, "/teach/roster", page, held="!", skip="yes").status_code == 422
    assert confirmed(guide, "/teach/roster", page, pack="nothing/et", skip="yes").status_code == 422
    assert composition.store.classes.taught("kontroll", TARTU) == ()
    first = confirmed(guide, "/teach/roster", page, skip="yes")
    assert sorted(codes(first.text)) == ["Jüri Õun", "Mari Tamm"] and first.headers["cache-control"] == "no-store"
    assert "Midagi ei muutu" in confirmed(guide, "/teach/roster", page, skip="yes").text
    unknown = confirmed(guide, "/teach/roster", page, skip="yes", renew="Mari Tamm\nKeegi Muu")
    assert unknown.status_code == 422 and "Keegi Muu kohta seda ei ole" in unknown.text
    assert sorted(codes(confirmed(guide, "/teach/roster", page, skip="yes", renew="  Mari   Tamm ").text)) == ["Mari Tamm"]


def test_a_file_that_is_too_large_or_none_is_told(served: tuple[str, Composition]) -> None:
    address, composition = served
    guide = teacher(address, composition.store, "suur", TARTU)
    for large in ("a" * (MOST_UPLOAD + 1), "a" * 9_000_000):
        page = sent(guide, "/teach/roster", large)
        assert page.status_code == 413 and "kuni 5 MB" in page.text
    assert guide.post("/teach/roster", data={"pack": "tiny/et"}).status_code == 422
    for held in ({"held": "a" * 8_100_000}, {f"held{number}": "a" * 1_000_000 for number in range(9)}):
        assert guide.post("/teach/roster", data={"pack": "tiny/et", **held}).status_code == 400


def test_what_is_written_as_csv_computes_nothing(served: tuple[str, Composition]) -> None:
    address, composition = served
    guide = teacher(address, composition.store, "csv", TARTU)
    reply = guide.post("/teach/roster/codes.csv", data={"rows": json.dumps([["11b", "=1+1", "@x"], ["-1", " +2", "a"]])})
    assert reply.content.decode("utf-8-sig") == "11b,'=1+1,'@x\n'-1,' +2,a\n" and "attachment" in reply.headers["content-disposition"]
    assert guide.post("/teach/roster/codes.csv", data={"rows": "{"}).text.strip("\ufeff") == ""


# ---- administrators


def test_the_draft_of_an_assessment_says_where_data_goes_and_what_is_open(served: tuple[str, Composition]) -> None:
    address, composition = served
    head = administrator(address, composition.store)
    page = head.post(f"/admin/s/{school_id(TARTU)}/assessment/tiny.html")
    assert page.headers["content-disposition"] == 'attachment; filename="assessment-tiny.html"'
    for said in ("Näidis OÜ", TARTU, "ei ole õigusnõu", "Kellel on serveri üle täielik võim", "Mida inimesed peavad täitma"):
        assert said in page.text
    assert not re.search(r"\b(?:dpia|admin|roster)-[a-z]+-?[a-z]*\b(?![^<]*>)", re.sub(r"<style>.*?</style>|<[^>]*>", " ", page.text, flags=re.S))
    assert head.post(f"/admin/s/{school_id(TARTU)}/assessment/nothing.html").status_code == 404


def test_who_administers_one_school_makes_no_administrators_and_leaves_the_school_s_own_quota(served: tuple[str, Composition]) -> None:
    address, composition = served
    access = composition.store.access
    access.set_budget(f"school:{TARTU}", "requests", "month", 5)
    head, path = administrator(address, composition.store), f"/admin/s/{school_id(TARTU)}"
    other = access.caller(access.add_key("Teine juht", ["administrator"], school=TARTU))
    assert other is not None
    before = kept(composition.store)
    assert head.post(f"{path}/keys", data={"name": "x", "audience": "administrator", "days": "9"}).status_code == 422
    for days in ("0", "731", "x", "٣", ""):
        assert head.post(f"{path}/keys", data={"name": "x", "audience": "teacher", "days": days}).status_code == 422
    for deed in ("revoke", "replace"):
        assert head.post(f"{path}/keys/{other.key}/{deed}").status_code == 404
    for scope in (f"school:{TARTU}", f"school:{NARVA}", f"class:{NARVA}/7b", "person:nobody"):
        assert head.post(f"{path}/quotas", data={"scope": scope, "kind": "requests", "per": "day", "most": "9"}).status_code == 422
        assert head.post(f"{path}/quotas/reset", data={"scope": scope}).status_code == 404
        assert head.post(f"{path}/quotas/remove", data={"scope": scope, "kind": "requests"}).status_code == 404
    assert kept(composition.store) == before
    every = administrator(address, composition.store, "*")
    assert every.post(f"{path}/quotas", data={"scope": f"school:{TARTU}", "kind": "requests", "per": "month", "most": "9"}).status_code == 200
    assert "eno_" in every.post(f"{path}/keys", data={"name": "x", "audience": "administrator", "days": "9"}).text
    assert "eno_" in every.post("/admin/schools", data={"school": "Uus kool"}).text and every.get(f"/admin/s/{school_id('Uus kool')}").status_code == 200


def test_a_replaced_key_signs_its_owner_out_and_stands_in_the_ledger(served: tuple[str, Composition]) -> None:
    address, composition = served
    store = composition.store
    guide, head = teacher(address, store, "asendatud", TARTU), administrator(address, store)
    row = next(row for row in store.access.keys(school=TARTU) if row["person"] == "asendatud")
    page = head.post(f"/admin/s/{school_id(TARTU)}/keys/{row['id']}/replace")
    secret = re.search(r"eno_\w+[\w-]*", page.text)
    assert secret and "Teie võti" in guide.get("/teach").text
    caller = store.access.caller(secret[0])
    assert caller is not None and caller.known_as == "asendatud"
    events = [entry.content for entry in store.ledger() if entry.content.get("kind") == "administrator"]
    assert events[-1]["deed"] == "key-replaced"
    assert not any(word in json.dumps(events, ensure_ascii=False) for word in ("asendatud", TARTU, row["id"]))


def test_a_revoked_administrator_is_signed_out(served: tuple[str, Composition]) -> None:
    address, composition = served
    head = administrator(address, composition.store, "Elva")
    row = next(row for row in composition.store.access.keys(school="Elva"))
    assert head.get(f"/admin/s/{school_id('Elva')}").status_code == 200
    composition.store.access.revoke(row["id"])
    assert "Teie võti" in head.get(f"/admin/s/{school_id('Elva')}").text
    assert "Teie võti" in teacher(address, composition.store, "kersti", TARTU).get("/admin").text, "a teacher is no administrator"


# ---- across schools


SECRET = "Vurrkärbes"


@pytest.fixture(scope="module")
def two_schools(served: tuple[str, Composition]) -> tuple[dict[str, str], dict[str, httpx2.Client]]:
    """(what there is to know of a school with everything in it, those of another)."""
    address, composition = served
    store, school = composition.store, f"{SECRET} kool"
    guide = teacher(address, store, f"{SECRET}-person", school)
    confirmed(guide, "/teach/roster", sent(guide, "/teach/roster", f"class;name\n{SECRET} klass;{SECRET} Tamm\n"))
    group = store.classes.taught(f"{SECRET}-person", school)[0]
    owner = store.access.add_key(f"{SECRET} võti", ["teacher"], person=f"{SECRET}-person", school=school, group="7b")
    store.access.set_budget(f"class:{school}/7b", "requests", "day", 7)
    known = {"school": school_id(school), "key": owner.split("_")[1], "group": group.id, "scope": f"class:{school}/7b", "teacher": f"{SECRET}-person", "name": school}
    return known, {"administrator": administrator(address, store, NARVA), "teacher": teacher(address, store, "narva-teacher", NARVA), "stranger": client(address)}


def routes() -> list[tuple[str, str]]:
    desk = Desk({}, Store.__new__(Store), None, "student")  # type: ignore[arg-type]
    desk.store.access = None  # type: ignore[assignment]
    found: list[Route] = admin_routes(desk, Operation())
    return [(route.path, method) for route in found for method in sorted((route.methods or set()) - {"HEAD"}) if "{school}" in route.path]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_route_tells_or_changes_another_school_s(served: tuple[str, Composition], two_schools: tuple[dict[str, str], dict[str, httpx2.Client]], data: st.DataObject) -> None:
    known, actors = two_schools
    who = data.draw(st.sampled_from(sorted(actors)))
    path, method = data.draw(st.sampled_from(routes()))
    own = school_id(NARVA) if who == "administrator" and data.draw(st.booleans()) else known["school"]
    values: dict[str, Any] = {**known, "school": own, "bundle": "nothing"}
    fields = {"scope": known["scope"], "kind": "requests", "per": "day", "most": "1", "teacher": known["teacher"], "pack": "tiny/et",
              "held": "Y2xhc3M7bmFtZQoxO0EK", "held_name": "a.csv"}  # fmt: skip
    if own != known["school"] and not ({"key", "group"} & set(re.findall(r"{(\w+)}", path)) or "/quotas" in path or "/roster" in path):
        return  # one's own school, and nothing of another in the question
    before = kept(served[1].store)
    reply = actors[who].request(method, path.format(**values), data=fields if method == "POST" else None)
    assert reply.status_code in (200, 400, 404, 422)
    text = reply.text.replace(f'name="teacher" value="{known["teacher"]}"', "")
    assert SECRET.casefold() not in text.casefold()
    assert kept(served[1].store) == before


def test_the_same_routes_show_it_to_whoever_administers_it(served: tuple[str, Composition], two_schools: tuple[dict[str, str], dict[str, httpx2.Client]]) -> None:
    """Otherwise the test above would look for what is nowhere."""
    address, composition = served
    known, _ = two_schools
    for school in (known["name"], "*"):
        page = administrator(address, composition.store, school).get(f"/admin/s/{known['school']}").text
        assert all(word in page for word in (known["teacher"], f"{SECRET} võti", known["key"], known["scope"], known["group"]))
        assert f"{SECRET} klass" not in page and f"{SECRET} Tamm" not in page, "what is sealed for the teacher"
