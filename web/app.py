"""The board as a Flask application. The one thing to know: it reads the store and never writes it; there is no script.

app = create_app(settings, store)       # the caller opened the store and closes it
"""

import hashlib
import secrets
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import structlog
from flask import Flask, render_template, request, url_for
from flask_babel import Babel, gettext
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from aggregator import taxonomy
from aggregator.digest.catalogue import SOURCE_LANGUAGE, catalogue
from aggregator.store.session import Store
from config.settings import Settings
from web import context, headers
from web.board import board
from web.context import locale_of, reader, wanted_language
from web.letters import letters
from web.requests import requests

log = structlog.get_logger()
HERE = Path(__file__).parent
TRANSLATIONS = HERE / "translations"


def create_app(settings: Settings, store: Store) -> Flask:
    """Make the board over an open, migrated store."""
    app = Flask("web", root_path=str(HERE))
    # Whatever FLASK_DEBUG says: a reader never meets a console.
    app.debug = False
    app.config["BOARD_SETTINGS"] = settings
    app.config["BOARD_STORE"] = store
    app.config["BOARD_LANGUAGES"] = _languages(settings)
    _speak(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_everywhere)
    app.add_template_global(_asset, "asset")
    app.register_blueprint(board)
    app.register_blueprint(letters)
    app.register_blueprint(requests)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _broken)
    headers.install(app)
    return app


def _languages(settings: Settings) -> tuple[str, ...]:
    have = {SOURCE_LANGUAGE, *(path.stem for path in TRANSLATIONS.glob("*.po"))}
    return tuple(language for language in settings.languages if language in have) or (SOURCE_LANGUAGE,)


def _speak(app: Flask) -> None:
    babel = Babel(app, locale_selector=lambda: locale_of(wanted_language()))
    # flask-babel reads compiled catalogues from folders; ours are text, so they are laid where it looks first.
    with app.app_context():
        held = babel.domain_instance.cache
    for language in app.config["BOARD_LANGUAGES"]:
        held[locale_of(language), "messages"] = catalogue(TRANSLATIONS, language)


def _everywhere() -> dict[str, object]:
    """What every template may use."""
    who = reader()
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return {
        "reader": who,
        "office": context.settings().office,
        "demo": context.settings().demo,
        "site": context.settings().board_url,
        "lang_links": [
            (code, taxonomy.language_label(code, code), f"{request.path}?{urlencode([*query, ('lang', code)])}")
            for code in context.languages()
        ],
    }


def _asset(name: str) -> str:
    """The address of a static file, with the hash of its content."""
    return url_for("static", filename=name, v=_hash(name))


@cache
def _hash(name: str) -> str:
    return hashlib.blake2b((HERE / "static" / name).read_bytes(), digest_size=6).hexdigest()


def _refused(error: HTTPException) -> HTTPException | tuple[str, int]:
    """404 and its kin, in the look of the board."""
    code = error.code or 500
    if code < 400:
        return error
    return _page(code, "request refused")


def _broken(error: Exception) -> tuple[str, int]:
    """The last resort: the reader gets a number to quote, the log gets everything."""
    return _page(500, "request failed", error=error)


def _page(code: int, event: str, *, error: Exception | None = None) -> tuple[str, int]:
    reference = secrets.token_hex(4)
    if error is None:
        log.info(event, reference=reference, status=code, path=request.path)
    else:
        log.error(event, reference=reference, status=code, path=request.path, exc_info=error)
    headline = gettext("This page does not exist") if code == 404 else gettext("This did not work")
    return render_template("error.html", code=code, headline=headline, reference=reference), code
