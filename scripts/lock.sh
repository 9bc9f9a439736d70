#!/bin/sh
# Writes requirements.txt, requirements-extras.txt (the extras) and requirements-dev.txt from pyproject.toml: hashes, no index address, no llama-cpp-python.
# Needs `uv` on the PATH.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'llama-cpp-python ; python_version < "3"\nllm ; python_version < "3"\n' > "$work/overrides.txt"
sed -n '/^dependencies = \[/,/^]/p' pyproject.toml | grep '"' | tr -d '", ' > "$work/run.in"
printf 'hatchling\neditables\n' >> "$work/run.in"
sed -n '/^dev = \[/,/^]/p' pyproject.toml | grep '"' | tr -d '", ' > "$work/dev.in"
for extra in tantivy postgres identity otel; do sed -n "/^$extra = \[/,/^]/p" pyproject.toml | grep '"' | tr -d '", '; done > "$work/extras.in"
pin() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-header --no-annotate --override "$work/overrides.txt" "$@"
}
pin "$work/run.in" -o requirements.txt
pin -c requirements.txt "$work/extras.in" -o requirements-extras.txt
pin -c requirements.txt -c requirements-extras.txt "$work/run.in" "$work/dev.in" -o requirements-dev.txt
