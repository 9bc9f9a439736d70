"""Which models are served: one for each pack and audience."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from endonym.assistant import Assistant
from endonym.core.clock import now
from endonym.core.errors import RequestError
from endonym.gateway.admission import Admission
from endonym.gateway.embeddings import MODEL
from endonym.seams.embedder import Embedder
from endonym.store.access import Caller


class Models:
    """Args: embedder: Listed beside them, where there is one."""

    def __init__(self, assistants: Mapping[str, Assistant], admission: Admission, embedder: Embedder | None) -> None:
        self._assistants = assistants
        self._admission = admission
        self._embedder = embedder
        self._started = int(now().timestamp())

    def all(self) -> list[dict[str, Any]]:
        """As OpenAI lists models, with an object `endonym`."""
        found = [
            {"id": f"{name}/{audience}", "object": "model", "created": self._started, "owned_by": "endonym",
             "endonym": {"bundle": name, "digest": a.bundle.digest, "audience": audience,
                         "minors": a.bundle.contents.head.audiences[audience].minors,
                         "languages": list(a.bundle.languages), "status": a.bundle.contents.head.status}}
            for name, a in self._assistants.items()
            for audience in a.bundle.contents.head.audiences
        ]  # fmt: skip
        if self._embedder:
            found.append({"id": MODEL, "object": "model", "created": self._started, "owned_by": "endonym",
                          "endonym": {"embedder": self._embedder.name, "dimensions": self._embedder.dimensions}})  # fmt: skip
        return found

    def named(self, name: str) -> dict[str, Any]:
        """Raises: RequestError: There is no such model; status 404."""
        found = next((model for model in self.all() if model["id"] == name), None)
        if found is None:
            raise self._unknown(name)
        return found

    def serving(self, model: str, caller: Caller) -> tuple[Assistant, str]:
        """(assistant, audience) of a model that this caller may use.

        Raises:
            RequestError: There is no such model, or this caller may not use it.
        """
        bundle, _, audience = model.rpartition("/")
        assistant = self._assistants.get(bundle)
        if assistant is None or audience not in assistant.bundle.contents.head.audiences:
            raise self._unknown(model)
        self._admission.allow(caller, bundle, audience)
        return assistant, audience

    def _unknown(self, name: str) -> RequestError:
        known = ", ".join(model["id"] for model in self.all())
        return RequestError(f"there is no model {name[:200]!r}", param="model", status=404, code="model_not_found", remedy=f"Known: {known}.")
