"""The API: OpenAI's over the assistant."""

from endonym.gateway.admission import Admission
from endonym.gateway.app import Gateway
from endonym.gateway.services import Services

__all__ = ["Admission", "Gateway", "Services"]
