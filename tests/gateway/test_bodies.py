import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endonym.core.errors import RequestError
from endonym.gateway.bodies import Completion, read_completion, to_request

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4), max_leaves=20,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_a_request_error(data: bytes) -> None:
    with pytest.raises(RequestError):
        read_completion(data)


@settings(max_examples=300, deadline=None)
@given(messages=JSON, extra=JSON)
def test_any_json_is_a_request_or_a_request_error(messages: object, extra: object) -> None:
    body = {"model": "a/b", "messages": messages, "endonym": extra, "stop": extra}
    try:
        read = read_completion(json.dumps(body).encode())
        assert isinstance(read, Completion)
        to_request(read, "student")
    except RequestError as error:
        assert error.message


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"model": "\xff"}', b"", b"null"])
def test_hostile_bodies(data: bytes) -> None:
    with pytest.raises(RequestError):
        read_completion(data)


def test_brackets_in_text_are_no_nesting() -> None:
    body = {"model": "a/b", "messages": [{"role": "user", "content": "[" * 500}]}
    assert read_completion(json.dumps(body).encode()).messages[0].content == "[" * 500


@pytest.mark.parametrize("filler", [b"\\\\frac{a}{b} ", b"\\\\", b'\\"', b"[{"])
def test_a_large_text_with_brackets_takes_little_memory(filler: bytes) -> None:
    text = filler * (1_900_000 // len(filler))
    tracemalloc.start()
    body = read_completion(b'{"model": "m", "messages": [{"role": "user", "content": "' + text + b'"}]}')
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(body.messages) == 1 and peak < 20_000_000
