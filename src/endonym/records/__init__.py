"""Versioned formats of results that outlive a run."""

from endonym.records.evaluation import EvaluationRecord, Score, Tally, read_record, write_record

__all__ = ["EvaluationRecord", "Score", "Tally", "read_record", "write_record"]
