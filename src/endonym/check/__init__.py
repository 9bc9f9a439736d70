"""The checker: rules over a pack stack, findings with remedies."""

from endonym.check.engine import check
from endonym.check.fixes import fix
from endonym.check.github import to_github
from endonym.check.pages import RulePage, rule_pages
from endonym.check.report import CheckReport, to_json
from endonym.check.sarif import to_sarif
from endonym.check.text import to_text

__all__ = ["CheckReport", "RulePage", "check", "fix", "rule_pages", "to_github", "to_json", "to_sarif", "to_text"]
