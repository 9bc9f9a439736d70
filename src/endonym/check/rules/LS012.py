"""LS012 source-uncited

What it does: Counts the sources that nothing in the pack cites.

Why it matters: An entry that nothing rests on is a left-over or a forgotten citation.

Example: A statute in `sources/` and in no `cites`.

Use instead: A citation where it belongs, or no entry.

Since: 0.2.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    cited = subject.cited_sources()
    for pack in subject.stack.packs:
        files: dict[str, list[str]] = {}
        for source in pack.sources:
            if source.id not in cited and pack.manifest.layer != "region":  # a region registers for its countries
                files.setdefault(source.file, []).append(source.id)
        for file, ids in sorted(files.items()):
            yield Place(file), f"nothing cites {', '.join(ids[:3])}" + (f" and {len(ids) - 3} more" if len(ids) > 3 else ""), "Cite the source where it belongs, or remove the entry."


RULE = Rule("LS012", "source-uncited", _judge, severity="info")
