"""Write docs/rules.md from the rules themselves."""

from pathlib import Path

from endonym.check import rule_pages


def main() -> None:
    rows = [f"| {page.code} | {page.name} | {page.severity} | {page.family} | {page.finds} {page.why} | {page.instead} |"
            for page in rule_pages()]  # fmt: skip
    (Path(__file__).parents[1] / "docs" / "rules.md").write_text(HEAD + "\n".join(rows) + TAIL, "utf-8")


HEAD = """# Rules of the checker

`endonym check packs/<id>` runs every rule over a pack and all that it extends. A finding names file, line, code and
remedy. Errors stop a bundle from being compiled; authority rules are a fixed tuple that no plugin can change.
`endonym rule AU001` prints one rule's page, `endonym rule --format json` all of them.

| code | name | severity | family | what it finds, and why | use instead |
| --- | --- | --- | --- | --- | --- |
"""
TAIL = """

## What machines prove and what they do not

Each finding says how it is known. **Proved**: a machine read it from the files. **Judged**: certain words stand there, and
people must say whether they mean what they seem to; a pack may answer such a finding in public with `[[suppress]]` and a
reason. **Unproved**: nothing proves that a text keeps what it should, and AU013 lists who must be read. Rules about
authority, layers, disclosure, accountability and the reading of files cannot be suppressed.
[disguised.md](disguised.md) measures what the rules find in packs written to get past them.
"""

if __name__ == "__main__":
    main()
