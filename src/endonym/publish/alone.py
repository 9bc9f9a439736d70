"""Pages that stand alone: one file with its styles inside, no script, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from endonym.web.languages import direction

_templates = jinja2.Environment(
    loader=jinja2.FunctionLoader(lambda name: resources.files("endonym.publish").joinpath("templates", name).read_text("utf-8")),
    autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined,
)  # fmt: skip


def render_alone(template: str, **values: Any) -> bytes:
    """A page from one of the templates that extend alone.html; its policy allows these very styles and nothing else."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _templates.get_template(template).render(style=Markup(style), style_digest=digest, direction=direction, **values)
    return page.encode()


@lru_cache(maxsize=1)
def _style() -> str:
    shared = resources.files("endonym.web").joinpath("static/endonym.css").read_text("utf-8")
    return shared + resources.files("endonym.publish").joinpath("templates/alone.css").read_text("utf-8")
