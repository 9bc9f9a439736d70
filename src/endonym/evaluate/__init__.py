"""Evaluation: a pack's examples and cases through the assistant, its verifiers as scorers."""

from endonym.evaluate.run import evaluate
from endonym.evaluate.samples import Sample, gather_samples

__all__ = ["Sample", "evaluate", "gather_samples"]
