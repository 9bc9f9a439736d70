"""Verifiers, and the recognition of words that verifiers, triggers and lessons share."""

from endonym.verify.registry import VERIFIERS

__all__ = ["VERIFIERS"]
