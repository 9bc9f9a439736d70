"""The tools over the Model Context Protocol, with the real `mcp` client over a real socket."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest

from endonym.wiring.compose import Composition
from tests.conftest import TINY
from tests.served import running

mcp = pytest.importorskip("mcp", reason="the package mcp is not installed")
Served = tuple[str, Composition]
PASSAGE = "tiny/fotosuntees#mis-see-on"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Tiny, where one document is for teachers alone."""
    folder = tmp_path_factory.mktemp("mcp")
    shutil.copytree(TINY.parent / "above", folder / "packs" / "above")
    pack = Path(shutil.copytree(TINY, folder / "packs" / "tiny"))
    (pack / "knowledge" / "vastused.md").write_text("# Vastused\n\n## Vastus {#vastus}\n\nKontrolltöö vastused: fotosüntees vajab klorofülli.\n")
    listed = pack / "knowledge" / "knowledge.toml"
    listed.write_text(listed.read_text() + '\n[[document]]\nid = "vastused"\nfile = "vastused.md"\ntitle = "Vastused"\nlanguage = "et"\n'
                      'subject = "biology"\nlicence = "CC-BY-4.0"\nauthor = "Endonym project"\nreviewed_by = "unreviewed"\naudience = ["teacher"]\n')  # fmt: skip
    with running([pack], folder / "state") as found:
        yield found


def call(served: Served, name: str, key: str = "", mode: str = "auto", **arguments: Any) -> Any:
    """(is it an error, what the tool gave)."""
    from mcp.client import Client
    from mcp.client.streamable_http import streamable_http_client

    async def run() -> Any:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        async with (httpx2.AsyncClient(headers=headers) as http, Client(streamable_http_client(f"{served[0]}/mcp", http_client=http), mode=mode) as client):
            result = await client.call_tool(name, arguments)
            return bool(result.is_error), result.content[0].text if result.is_error else json.loads(result.content[0].text)

    return anyio.run(run)


@pytest.mark.parametrize("mode", ["legacy", "auto", "2026-07-28"])
def test_a_client_of_either_kind_finds_the_tools(served: Served, mode: str) -> None:
    from mcp.client import Client

    async def run() -> tuple[list[Any], str]:
        async with Client(f"{served[0]}/mcp", mode=mode) as client:
            return (await client.list_tools()).tools, client.session.protocol_version

    tools, spoken = anyio.run(run)
    assert [tool.name for tool in tools] == ["search", "fetch", "explain"]
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert tools[0].input_schema["properties"]["pack"]["enum"] == ["", "tiny"]
    assert spoken == ("2025-11-25" if mode == "legacy" else "2026-07-28")


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_search_gives_what_can_be_fetched(served: Served, mode: str) -> None:
    failed, found = call(served, "search", mode=mode, query="Mis on fotosüntees?")
    assert not failed
    first = found["results"][0]
    assert (first["id"], first["title"]) == (PASSAGE, "Fotosüntees: Mis see on")
    assert first["url"] == f"{served[0]}/passages/tiny/fotosuntees/mis-see-on"
    assert httpx2.get(first["url"]).status_code == 200
    failed, whole = call(served, "fetch", mode=mode, id=PASSAGE)
    assert not failed and whole["text"].startswith("Fotosüntees on protsess") and first["text"] == whole["text"]
    assert (whole["metadata"]["licence"], whole["metadata"]["reviewed_by"]) == ("CC-BY-4.0", "unreviewed")


def test_outcomes_are_found_and_fetched(served: Served) -> None:
    _, found = call(served, "search", query="fotosünteesi tähtsus")
    outcome = next(item for item in found["results"] if item["metadata"]["kind"] == "outcome")
    assert outcome["id"] == "tiny/outcome:X.1:et" and "tähtsust" in outcome["text"]
    assert call(served, "fetch", id=outcome["id"])[1] == outcome


def test_the_key_decides_what_may_be_read(served: Served) -> None:
    """A student finds, fetches and is told nothing of what is the teacher's; a key for both reads as a student unless it says so."""
    hidden = "tiny/vastused#vastus"
    access = served[1].store.access
    teacher, both = access.add_key("t", ["teacher"]), access.add_key("b", ["teacher", "student"])
    for key, audience, may in (("", "", False), (teacher, "", True), (both, "", False), (both, "teacher", True)):
        named = {"audience": audience} if audience else {}
        _, found = call(served, "search", key, query="kontrolltöö vastused", **named)
        assert (hidden in [item["id"] for item in found["results"]]) is may
        assert call(served, "fetch", key, id=hidden, **named)[0] is not may
    unknown, known = call(served, "fetch", id="tiny/nichts#x"), call(served, "fetch", id=hidden)
    assert unknown == known
    failed, said = call(served, "explain", audience="teacher")
    assert failed and "expected one of student" in said


def test_rules_are_explained_with_their_sources(served: Served) -> None:
    failed, found = call(served, "explain", language="en")
    assert not failed
    rules = {rule["id"]: rule for rule in found["packs"][0]["rules"]}
    assert rules["omit_child"]["summary"] == "The identity of a child in court proceedings is not told."
    assert rules["omit_child"]["sources"][0]["pinpoint"] == "§ 1"
    assert (found["packs"][0]["audience"], found["packs"][0]["status"]) == ("student", "illustrative")


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("search", {}, "missing required field `query`"),
        ("search", {"query": "x", "limit": 1000}, "<= 20"),
        ("search", {"query": "x", "pack": "utopia"}, "expected one of tiny"),
        ("search", {"query": "x", "language": "fi"}, "expected one of et, en"),
        ("fetch", {"id": "../../etc/passwd"}, "nothing that you may read"),
        ("explain", {"kind": "x"}, "unknown field `kind`"),
    ],
)
def test_what_a_tool_cannot_do_is_told_in_its_result(served: Served, name: str, arguments: dict[str, Any], says: str) -> None:
    failed, said = call(served, name, **arguments)
    assert failed and says in said


def test_a_budget_holds_for_tools(served: Served) -> None:
    access = served[1].store.access
    access.set_budget("school:few", "requests", "always", 1)
    key = access.add_key("x", ["student"], school="few")
    assert not call(served, "explain", key)[0]
    failed, said = call(served, "explain", key)
    assert failed and "used up" in said


def post(served: Served, body: Any, **headers: str) -> httpx2.Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx2.post(f"{served[0]}/mcp", content=data, headers={"content-type": "application/json", **headers})


PING = {"jsonrpc": "2.0", "id": 7, "method": "ping"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, -32700), (b'{"jsonrpc": "2.0", "id": "\xff"}', 400, -32700), (b"[" * 5000, 400, -32700), ([PING], 400, -32600),
        ({"id": 1, "method": "ping"}, 400, -32600), ({**PING, "params": [1]}, 400, -32600), ({**PING, "method": "nothing"}, 200, -32601),
        ({**PING, "method": "tools/call", "params": {"name": "rm"}}, 200, -32602),
    ],
)  # fmt: skip
def test_bad_messages_get_json_rpc_s_errors(served: Served, body: Any, status: int, code: int) -> None:
    reply = post(served, body)
    assert (reply.status_code, reply.json()["error"]["code"], reply.json()["jsonrpc"]) == (status, code, "2.0")


def test_a_slash_at_the_end_changes_nothing(served: Served) -> None:
    assert httpx2.post(f"{served[0]}/mcp/", json=PING).json() == {"jsonrpc": "2.0", "id": 7, "result": {}}


def test_what_needs_no_answer_gets_none(served: Served) -> None:
    for body in ({"jsonrpc": "2.0", "method": "notifications/initialized"}, {"jsonrpc": "2.0", "id": 1, "result": {}}):
        reply = post(served, body)
        assert (reply.status_code, reply.content) == (202, b"")


def test_versions_and_headers_must_agree(served: Served) -> None:
    reply = post(served, PING, **{"mcp-protocol-version": "1999-01-01"})
    assert (reply.status_code, reply.json()["error"]["data"]["supported"][-1]) == (400, "2026-07-28")
    newer = {**PING, "params": {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}}}
    assert post(served, newer, **{"mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call"}).json()["error"]["code"] == -32020
    assert post(served, newer, **{"mcp-protocol-version": "2026-07-28", "mcp-method": "ping"}).json()["result"] == {"resultType": "complete"}


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"origin": "null"}])
@pytest.mark.parametrize("path", ["/mcp", "/v1/models"])
def test_a_page_of_another_site_cannot_ask_in_the_place_of_somebody_here(served: Served, headers: dict[str, str], path: str) -> None:
    reply = httpx2.request("GET" if path == "/v1/models" else "POST", served[0] + path, headers=headers, json=PING)
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "origin_not_allowed")
    key = served[1].store.access.add_key("x", ["student"])
    assert httpx2.request("GET" if path == "/v1/models" else "POST", served[0] + path, headers={**headers, "authorization": f"Bearer {key}"},
                          json=PING).status_code == 200  # fmt: skip


def test_there_is_no_stream_to_listen_to_and_no_session_to_end(served: Served) -> None:
    for method in ("GET", "DELETE", "PUT"):
        reply = httpx2.request(method, f"{served[0]}/mcp", headers={"accept": "text/event-stream"})
        assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
    assert post(served, PING, accept="image/png").status_code == 406
    assert httpx2.post(f"{served[0]}/mcp", json=PING, headers={"via": "proxy"}).status_code == 401
