"""AC002 review-date-near

What it does: Finds adaptations to be reviewed within 90 days.

Why it matters: There is still time to review without stopping a release.

Example: A review date next month.

Use instead: A review now.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        if 0 <= (adaptation.review_by - subject.as_of).days <= 90:
            yield Place.of(adaptation, "review_by"), f"{adaptation.id}: to be reviewed by {adaptation.review_by}", "Review it and set a new date."


RULE = Rule("AC002", "review-date-near", _judge, "warning")
