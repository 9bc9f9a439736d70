"""AC001 review-date-passed

What it does: Finds adaptations whose review date lies in the past.

Why it matters: Rules that nobody looks at again stay for ever; expiry blocks new releases.

Example: `review_by: 2024-01-01`.

Use instead: A review, then a new date.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        if adaptation.review_by < subject.as_of:
            yield Place.of(adaptation, "review_by"), f"{adaptation.id}: expected a review by {adaptation.review_by}, found none by {subject.as_of}", "Review the adaptation and set a new date."
        if adaptation.decided_on > subject.as_of:
            yield Place.of(adaptation, "decided_on"), f"{adaptation.id}: expected a day before {subject.as_of}, found {adaptation.decided_on}", "Correct the date."


RULE = Rule("AC001", "review-date-passed", _judge)
