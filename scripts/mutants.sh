#!/bin/sh
# Mutation testing of the authority rules (docs/mutation.md says what came of it): `scripts/mutants.sh [FILE ...]`.
#
# Copies the repository to a temporary folder, installs cosmic-ray there in an environment of its own that borrows the
# packages of .venv (`make setup-dev` first), changes one operator, number, condition or loop at a time in the copy,
# and runs the cases of that rule. Prints each mutant that survives, with its diff, and a line of figures per file.
# Without arguments: every src/endonym/check/rules/AU*.py and what they rest on. One core, half an hour or more.
# Only authority rules run in a mutant's tests: the dictionaries that other rules load would take most of the time.
# KEEP=1 leaves the temporary folder, with a session file per module, where it is and says so.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
[ "${KEEP:-}" ] && echo "work is kept in $work" || trap 'rm -rf "$work"' EXIT
mkdir "$work/repo"
cp -R pyproject.toml packs schemas src tests docs "$work/repo"
.venv/bin/python -m venv "$work/venv"
site() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }
site .venv/bin/python > "$(site "$work/venv/bin/python")/borrowed.pth"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check cosmic-ray
cat > "$work/authority_only.py" << 'PLUGIN'
import endonym.check.engine as engine
from endonym.check.rules import AUTHORITY_RULES

engine._STACK_RULES, engine._TEXT_RULES = AUTHORITY_RULES, ()
PLUGIN
cd "$work/repo"
export PATH="$work/venv/bin:$PATH" PYTHONPATH="$work/repo/src:$work"
python -m compileall -q src tests
# Mutants of one length and second must not be read from each other's cache; plugins of pytest cost a second a mutant.
export PYTHONDONTWRITEBYTECODE=1 PYTEST_DISABLE_PLUGIN_AUTOLOAD=1
[ $# -gt 0 ] || set -- src/endonym/check/rules/AU*.py src/endonym/check/subject.py src/endonym/check/suppress.py \
  src/endonym/check/wordings.py src/endonym/spec/base.py
for file; do
  name=$(basename "$file" .py)
  case $name in
    AU008 | AU009) cases="$name or floor" ;;
    AU*) cases=$name ;;
    wordings) cases="AU011 or AU012" ;;
    subject) cases=AU0 ;;
    suppress) cases="AU0 or floor or suppression" ;;
    *) cases="AU0 or floor" ;;
  esac
  cat > "$work/$name.toml" << CONFIG
[cosmic-ray]
module-path = "$file"
timeout = 60.0
excluded-modules = []
test-command = "python -m pytest -x -q --assert=plain -p authority_only tests/check -k '$cases'"
[cosmic-ray.distributor]
name = "local"
CONFIG
  cosmic-ray baseline "$work/$name.toml"
  cosmic-ray init "$work/$name.toml" "$work/$name.sqlite" > /dev/null
  cosmic-ray exec "$work/$name.toml" "$work/$name.sqlite"
  cr-report --surviving-only --show-diff "$work/$name.sqlite" | grep -E '^(src|[-+] )' || true
  echo "$name: $(cr-report "$work/$name.sqlite" | tail -3 | tr '\n' ' ')"
done
