"""Verifiers, and the recognition of words that verifiers, triggers and lessons share."""

from endonym.verify.registry import OF_CALLS, VERIFIERS, faults

__all__ = ["OF_CALLS", "VERIFIERS", "faults"]
