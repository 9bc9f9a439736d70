"""The one place where a turn runs."""

from endonym.assistant.assistant import Assistant
from endonym.assistant.extension import content, extension
from endonym.assistant.guide import Guide

__all__ = ["Assistant", "Guide", "content", "extension"]
