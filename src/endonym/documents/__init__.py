"""Documents cut into citable passages."""

from endonym.documents.segment import segment

__all__ = ["segment"]
