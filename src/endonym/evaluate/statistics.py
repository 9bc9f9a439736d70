"""Intervals for shares."""

from __future__ import annotations

from math import sqrt

_Z = 1.959963984540054
"""97.5 % quantile of the standard normal distribution."""


def wilson(passed: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share. Source: Wilson 1927, doi 10.1080/01621459.1927.10502953."""
    if total == 0:
        return 0.0, 1.0
    share = passed / total
    spread = _Z * sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    centre = share + _Z**2 / (2 * total)
    scale = 1 + _Z**2 / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
