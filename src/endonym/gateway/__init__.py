"""The API: OpenAI's chat completions over the assistant."""

from endonym.gateway.app import Gateway

__all__ = ["Gateway"]
