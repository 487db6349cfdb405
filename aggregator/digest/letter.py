"""Render a digest: one letter as HTML and as text.

The one thing to know: the HTML loads nothing, from nowhere; all styles stand in it, and there are no pictures.
"""

import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from aggregator.digest.catalogue import catalogue
from aggregator.digest.digest import Digest
from aggregator.digest.view import view
from config.settings import Settings

_HERE = Path(__file__).parent
TRANSLATIONS = _HERE / "translations"
TEMPLATES = _HERE / "templates"
_WIDTH = 72
# Remote stylesheets stay off: the inliner would otherwise read addresses and local files that a text could name.
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def render(digest: Digest, *, settings: Settings, language: str) -> Letter:
    """Render both parts in a language; equal digests give equal text."""
    said = view(digest, settings=settings, language=language)
    templates = _templates(language)
    html = inlined(templates.get_template("letter.html").render(letter=said))
    text = templates.get_template("letter.txt").render(letter=said)
    return Letter(said.subject, text.strip() + "\n", html)


def inlined(html: str) -> str:
    """Move the rules of the style element to the elements, and keep the media rules, which cannot move."""
    # The media rules are put first in the head, and would push the charset behind the 1,024 bytes a browser looks at.
    return _INLINER.inline(html).replace("<head>", '<head><meta charset="utf-8">', 1).strip() + "\n"


@cache
def _templates(language: str) -> Environment:
    # Names decide what is escaped: everything is, but .txt.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html",), disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters["wrapped"] = _wrapped
    environment.install_gettext_translations(catalogue(TRANSLATIONS, language), newstyle=True)  # type: ignore[attr-defined]
    return environment


def _wrapped(text: str, first: str = "", then: str | None = None) -> str:
    """Wrap to 72 columns, with what stands before the first line and before the others; addresses stay whole."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if then is None else then,
        break_long_words=False,
        break_on_hyphens=False,
    )
