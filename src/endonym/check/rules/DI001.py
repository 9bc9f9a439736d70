"""DI001 disclosure-missing

What it does: Finds omissions and overriding law without a disclosure in every language of the stack.

Why it matters: Nothing is removed in silence: each affected reply names the kind of information, the reason and the provision.

Example: `effect: omit` without `## Disclosure {lang=et}`.

Use instead: One disclosure for each language.

Since: 0.1.0
"""

from __future__ import annotations

from collections.abc import Iterator

from endonym.check.subject import Found, Place, Rule, Subject


def _judge(subject: Subject) -> Iterator[Found]:
    for _, adaptation in subject.adaptations():
        lawful = adaptation.effect == "override" and adaptation.basis == "law"
        if adaptation.effect != "omit" and not lawful:
            continue
        missing = [language for language in subject.stack.languages if not adaptation.disclosure.get(language)]
        if missing:
            yield (
                Place.of(adaptation, "effect"),
                f"{adaptation.id}: expected a disclosure in every language of the stack, found none in {', '.join(missing)}",
                f"Add a part `## Disclosure {{lang={missing[0]}}}` that says what is left out, why and by which provision.",
            )


RULE = Rule("DI001", "disclosure-missing", _judge)
