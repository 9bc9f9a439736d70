"""Documents cut into citable passages."""

from endonym.documents.segment import cut, segment

__all__ = ["cut", "segment"]
