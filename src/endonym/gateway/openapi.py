"""The API's description. Source: OpenAPI 3.1.

The schemas of requests are made from the structs that read them; what those leave to be looked at later is written here, so
that what a client may send by the description is what is served.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import msgspec

from endonym.gateway.bodies import MOST_MESSAGES, MOST_TOKENS, Completion
from endonym.gateway.budgets import ResetBody
from endonym.gateway.embeddings import MODEL, MOST_CHARACTERS, MOST_INPUTS, EmbeddingsBody
from endonym.gateway.response_bodies import ResponseBody
from endonym.gateway.services import Services
from endonym.gateway.tools import MOST_TOOLS, NAME

Json = dict[str, Any]

_NULL = {"type": "null"}
_TOKENS = {"type": ["integer", "null"], "minimum": 1, "maximum": MOST_TOKENS, "description": "For engines; the guide's replies are not cut."}
_NOTHING = {"anyOf": [_NULL, {"type": "array", "maxItems": 0}], "description": "Refused unless empty."}
_NEVER = {**_NULL, "description": "Refused."}
_PROSE: Json = {"type": "object", "properties": {"type": {"const": "text"}}, "required": ["type"], "additionalProperties": False}
_ROLES = ["system", "developer", "user", "assistant"]
_NAMED: Json = {"type": "string", "pattern": NAME}
_OBJECT: Json = {"type": "string", "contentMediaType": "application/json", "description": "A JSON object."}
_CALL_ITEM: Json = {"type": "object", "required": ["type", "call_id", "name", "arguments"], "properties": {
    "type": {"const": "function_call"}, "call_id": {"type": "string", "minLength": 1}, "name": _NAMED, "arguments": _OBJECT}}  # fmt: skip
_RESULT_ITEM: Json = {"type": "object", "required": ["type", "call_id", "output"], "properties": {
    "type": {"const": "function_call_output"}, "call_id": {"type": "string"}, "output": {"type": "string"}}}  # fmt: skip
_WRITTEN = {"type": "string", "pattern": r"\S"}
_ENDS_WITH_USER = "A conversation ends with what the user wrote, or with what tools gave after it."
_PAIRS = "Each call of a tool is followed by its result."


def describe(models: Sequence[Json], languages: Sequence[str], services: Services) -> Json:
    """The description of what is served here.

    Args:
        models: As `/v1/models` lists them.
        languages: Of instruction, over all packs.
    """
    named = [model["id"] for model in models]
    turns = [name for name in named if name != MODEL]
    _, schemas = msgspec.json.schema_components([Completion, ResponseBody, EmbeddingsBody, ResetBody], ref_template="#/components/schemas/{name}")
    _correct(schemas, turns, languages, services)
    paths = _paths(named)
    if services.embedder is None:
        del paths["/v1/embeddings"]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Endonym", "version": version("endonym"), "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
                 "description": "OpenAI's API over localized models; /mcp beside it describes itself. See docs/gateway.md."},
        "paths": paths,
        "components": {"schemas": {**schemas, **_REPLIES}, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }  # fmt: skip


def _correct(schemas: Json, turns: list[str], languages: Sequence[str], services: Services) -> None:
    able = bool(services.structured)
    extension = schemas["Extension"]["properties"]
    extension["language"] = {"enum": ["", *languages], "default": ""}

    chat = schemas["Completion"]["properties"]
    chat["messages"] = {"type": "array", "minItems": 1, "maxItems": MOST_MESSAGES, "description": _ENDS_WITH_USER,
                        "contains": {"properties": {"role": {"const": "user"}, "content": _WRITTEN}, "required": ["role", "content"]}, "items": _said(bool(services.images))}  # fmt: skip
    chat |= {**_offered(bool(services.tools), flat=False), "functions": _NOTHING, "function_call": {"enum": [None, "none", "auto"]}, "audio": _NEVER,
             "logprobs": {"enum": [None, False]}, "prediction": _NEVER, "n": {"enum": [None, 1]},
             "response_format": _format(able, flat=False), "model": {"enum": turns}}  # fmt: skip

    for name in ("max_tokens", "max_completion_tokens"):
        chat[name] = _TOKENS
    chat["seed"] = {"type": ["integer", "null"], "minimum": -(2**53), "maximum": 2**53}

    response = schemas["ResponseBody"]["properties"]
    response["max_output_tokens"] = _TOKENS
    said = _message(("input_text", "output_text", "text"), images=bool(services.images) and "input_image")
    said["properties"] |= {"type": {"const": "message"}, "output": _NULL, "call_id": _STRING, "name": _STRING, "arguments": _STRING}
    response["input"] = {"description": f"{_ENDS_WITH_USER} {_PAIRS}", "anyOf": [_WRITTEN, {
        "type": "array", "minItems": 1, "maxItems": MOST_MESSAGES, "items": {"anyOf": [said, _CALL_ITEM, _RESULT_ITEM]}}]}  # fmt: skip
    response |= {**_offered(bool(services.tools), flat=True), "background": {"enum": [None, False]},
                 "conversation": _NEVER, "prompt": _NEVER, "previous_response_id": _NEVER, "model": {"enum": turns}}  # fmt: skip
    schemas["TextOptions"]["properties"]["format"] = _format(able, flat=True)

    text = {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS}
    embedder = services.embedder
    vectors = schemas["EmbeddingsBody"]["properties"]
    vectors["input"] = {"anyOf": [text, {"type": "array", "minItems": 1, "maxItems": MOST_INPUTS, "items": text}]}
    vectors["dimensions"] = {"enum": [None, *([embedder.dimensions] if embedder else [])]}
    vectors["model"] = {"enum": [MODEL, *([embedder.name] if embedder else [])]}
    for unused in ("Said", "Part", "Item", "Called", "CalledFunction"):
        schemas.pop(unused, None)


def _offered(able: bool, *, flat: bool) -> Json:
    """Fields about tools."""
    parallel: Json = {"type": ["boolean", "null"]}
    if not able:
        return {"tools": _NOTHING, "tool_choice": {"enum": [None, "none", "auto"]}, "parallel_tool_calls": parallel}
    named: Json = {"name": _NAMED, "description": {"type": ["string", "null"]}}
    schema: Json = {"type": "object", "properties": {"type": {"const": "object"}}}
    loose: Json = {**named, "strict": {"enum": [None, False]}, "parameters": {"anyOf": [_NULL, schema]}}
    strict: Json = {**named, "strict": {"const": True}, "parameters": {"anyOf": [_NULL, {**schema, "additionalProperties": False}]}}
    kind = {"type": {"const": "function"}}
    tool: Json = {"anyOf": [
        {"type": "object", "required": ["type", "name", *more], "properties": {**kind, **own}} if flat else
        {"type": "object", "required": ["type", "function"],
         "properties": {**kind, "function": {"type": "object", "properties": own, "required": ["name", *more]}}}
        for own, more in ((loose, []), (strict, ["strict"]))]}  # fmt: skip
    return {"tools": {"anyOf": [_NULL, {"type": "array", "maxItems": MOST_TOOLS, "items": tool}],
                      "description": "Names are used once. Refused where no engine of the model calls tools."},
            "tool_choice": {"description": "Also `required`, or a function that is offered.", "enum": [None, "none", "auto"]},
            "parallel_tool_calls": parallel}  # fmt: skip


def _format(able: bool, *, flat: bool) -> Json:
    if not able:
        return {"anyOf": [_NULL, _PROSE]}
    schema = {"name": {"type": "string"}, "description": {"type": ["string", "null"]}, "schema": {"type": "object", "additionalProperties": False},
              "strict": {"type": ["boolean", "null"]}}  # fmt: skip
    own: Json = {"properties": {"type": {"const": "json_schema"}, **schema}, "required": ["type", "name", "schema"]}
    inner: Json = {"type": "object", "properties": schema, "required": ["name", "schema"]}
    wrapped: Json = {"properties": {"type": {"const": "json_schema"}, "json_schema": inner}, "required": ["type", "json_schema"]}
    anything: Json = {"type": "object", "properties": {"type": {"const": "json_object"}}, "required": ["type"]}
    return {"anyOf": [_NULL, _PROSE, anything, {"type": "object", **(own if flat else wrapped)}],
            "description": "Refused where no engine of the model writes JSON. `schema`: docs/gateway.md."}  # fmt: skip


def _content(kinds: Sequence[str], images: str | bool) -> Json:
    part: Json = {"type": "object", "properties": {"type": {"enum": list(kinds)}, "text": {"type": "string"}}, "required": ["type"]}
    if images:
        url: Json = {"type": "string", "pattern": "^data:image/(png|jpeg|webp);base64,"}
        picture = {"type": {"const": images}, "image_url": url if images == "input_image" else _object({"url": url})}
        part = {"anyOf": [part, {"type": "object", "required": list(picture), "properties": picture,
                                 "description": "Of the user alone; refused where no engine may read this audience's images."}]}  # fmt: skip
    return {"anyOf": [{"type": "string"}, {"type": "array", "items": part}, _NULL]}


def _message(kinds: Sequence[str], images: str | bool) -> Json:
    """Args: images: The type of a part that is one, where there are some."""
    return {"type": "object", "properties": {"role": {"enum": _ROLES}, "content": _content(kinds, images)}, "required": ["role"]}


def _said(images: bool) -> Json:
    """A message of chat completions."""
    called = {"type": "object", "required": ["name", "arguments"], "properties": {"name": _NAMED, "arguments": _OBJECT}}
    call = {"type": "object", "required": ["id", "function"],
            "properties": {"id": {"type": "string", "minLength": 1}, "type": {"const": "function"}, "function": called}}  # fmt: skip
    own: Json = _message(("text",), images=images and "image_url")
    own["properties"] |= {"tool_calls": _NOTHING, "tool_call_id": {"type": ["string", "null"]}}
    calling = {"type": "object", "required": ["role", "tool_calls"], "properties": {
        **own["properties"], "role": {"const": "assistant"}, "tool_calls": {"type": "array", "minItems": 1, "items": call}}}  # fmt: skip
    result = {"type": "object", "required": ["role", "tool_call_id"], "properties": {
        **own["properties"], "role": {"const": "tool"}, "tool_call_id": {"type": "string"}}}  # fmt: skip
    return {"anyOf": [own, calling, result], "description": _PAIRS}


def _paths(models: list[str]) -> Json:
    name = {"name": "model", "in": "path", "required": True, "schema": {"enum": models}}
    ready = {"200": _json("Ready", "It can answer."), "503": _json("Ready", "It cannot answer now.")}
    return {
        "/v1/models": {"get": _operation("listModels", "Models", {"200": _json("ModelList", "One for each pack and audience.")})},
        "/v1/models/{model}": {"parameters": [name], "get": _operation("getModel", "One model", {"200": _json("Model", "It.")}, "404")},
        "/v1/chat/completions": {"post": _turn("complete", "Chat completion", "Completion", "ChatCompletion")},
        "/v1/responses": {"post": _turn("respond", "Response", "ResponseBody", "Response")},
        "/v1/embeddings": {"post": {
            **_operation("embed", "Vectors", {"200": _json("EmbeddingList", "A vector for each text.")}, *_REFUSALS),
            "requestBody": _body("EmbeddingsBody")}},
        "/v1/budgets": {"get": _operation("listBudgets", "Budgets that pay for this key, and of the classes it teaches",
                                          {"200": _json("BudgetList", "Amounts of the present period.")}, "503")},
        "/v1/budgets/reset": {"post": {
            **_operation("resetBudget", "Let a class, or somebody in it, begin anew", {"200": _json("BudgetReset", "Done.")}, *_REFUSALS),
            "requestBody": _body("ResetBody")}},
        "/openapi.json": {"get": _operation("describe", "This description", {"200": _json("Description", "It.")})},
        "/healthz": _open("health", "What is served", {"200": _json("Health", "It.")}),
        "/livez": _open("live", "Whether the process lives", {"200": _json("Live", "It does.")}),
        "/readyz": _open("ready", "Whether it can answer", ready),
    }  # fmt: skip


_REFUSALS = ("400", "403", "404", "408", "413", "415", "429", "502", "503")


def _turn(identity: str, summary: str, body: str, reply: str) -> Json:
    told = {"200": {"description": "The reply; server-sent events with `stream`.", "content": {
        "application/json": {"schema": {"$ref": f"#/components/schemas/{reply}"}}, "text/event-stream": {}}}}  # fmt: skip
    return {**_operation(identity, summary, told, *_REFUSALS), "requestBody": _body(body)}


def _operation(identity: str, summary: str, replies: Json, *refusals: str) -> Json:
    told = {status: _json("Error", "Refused.") for status in ("401", "405", *refusals)}
    return {"operationId": identity, "summary": summary, "security": [{"key": []}], "responses": {**replies, **told}}


def _open(identity: str, summary: str, replies: Json) -> Json:
    told = {**replies, "405": _json("Error", "Refused.")}
    bare = {status: {"description": reply["description"]} for status, reply in told.items()}
    return {"get": {"operationId": identity, "summary": summary, "security": [], "responses": told},
            "head": {"operationId": f"{identity}Head", "summary": summary, "security": [], "responses": bare}}  # fmt: skip


def _body(name: str) -> Json:
    return {"required": True, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def _json(name: str, description: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def _object(required: Mapping[str, Json], **more: Json) -> Json:
    return {"type": "object", "required": list(required), "properties": {**required, **more}}


_STRING: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_STATUS: Json = {"enum": ["completed", "incomplete"]}
_TOLD: Json = {"type": "object", "description": "docs/gateway.md", "required": ["trace_id", "bundle", "language", "engine", "citations", "disclosures"]}
_MODEL = _object({"id": _STRING, "object": {"const": "model"}, "created": _COUNT, "owned_by": _STRING}, endonym={"type": "object"})
_REPLIES: Json = {
    "Error": _object({"error": _object({"message": _STRING, "type": {"enum": ["invalid_request_error", "server_error"]},
                                        "param": {"type": ["string", "null"]}, "code": _STRING})}),
    "Budget": _object({"object": {"const": "budget"}, "scope": _STRING, "kind": {"enum": ["requests", "tokens", "money"]},
                       "per": {"enum": ["day", "month", "always"]}, "most": _COUNT, "used": _COUNT}),
    "BudgetList": _object({"object": {"const": "list"}, "data": {"type": "array", "items": {"$ref": "#/components/schemas/Budget"}}}),
    "BudgetReset": _object({"object": {"const": "budget.reset"}, "scope": _STRING}),
    "Model": _MODEL,
    "ModelList": _object({"object": {"const": "list"}, "data": {"type": "array", "items": {"$ref": "#/components/schemas/Model"}}}),
    "ChatCompletion": _object({
        "id": _STRING, "object": {"const": "chat.completion"}, "created": _COUNT, "model": _STRING, "endonym": _TOLD,
        "choices": {"type": "array", "minItems": 1, "maxItems": 1, "items": _object({
            "index": {"const": 0}, "finish_reason": {"enum": ["stop", "length", "tool_calls"]}, "logprobs": _NULL,
            "message": _object({"role": {"const": "assistant"}, "content": {"type": ["string", "null"]}, "refusal": {"type": ["string", "null"]}})})},
        "usage": _object({"prompt_tokens": _COUNT, "completion_tokens": _COUNT, "total_tokens": _COUNT})}),
    "Response": _object({
        "id": _STRING, "object": {"const": "response"}, "created_at": _COUNT, "status": _STATUS, "model": _STRING,
        "error": _NULL, "endonym": _TOLD, "output": {"type": "array", "minItems": 1, "items": {"anyOf": [_object({
            "type": {"const": "message"}, "id": _STRING, "status": _STATUS, "role": {"const": "assistant"},
            "content": {"type": "array", "minItems": 1, "maxItems": 1, "items": _object({"type": {"enum": ["output_text", "refusal"]}})}}),
            _object({"type": {"const": "function_call"}, "id": _STRING, "call_id": _STRING, "name": _NAMED, "arguments": _OBJECT,
                     "status": {"const": "completed"}})]}},
        "usage": _object({"input_tokens": _COUNT, "output_tokens": _COUNT, "total_tokens": _COUNT})}),
    "EmbeddingList": _object({
        "object": {"const": "list"}, "model": _STRING, "usage": _object({"prompt_tokens": _COUNT, "total_tokens": _COUNT}),
        "data": {"type": "array", "items": _object({
            "object": {"const": "embedding"}, "index": _COUNT,
            "embedding": {"anyOf": [{"type": "array", "items": {"type": "number"}}, {"type": "string", "contentEncoding": "base64"}]}})}}),
    "Description": _object({"openapi": {"const": "3.1.0"}, "info": {"type": "object"}, "paths": {"type": "object"}}),
    "Health": _object({"status": {"const": "ok"}, "bundles": {"type": "object", "additionalProperties": _STRING}}),
    "Live": _object({"status": {"const": "ok"}}),
    "Ready": _object({"status": {"enum": ["ok", "unavailable"]}, "checks": {"type": "object", "additionalProperties": _STRING}}),
}  # fmt: skip
