"""The sample members' letters in the browser, when the settings say demo; nowhere else does a letter have an address.

The one thing to know: a letter's own HTML is answered alone, in a sandbox of its own policy, and shown in a frame.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flask import Blueprint, Response, abort, render_template

from web.context import settings

letters = Blueprint("letters", __name__, url_prefix="/letters")

# Links open beside the board, nothing runs, nothing is fetched; the styles of a letter stand in its own lines.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
_ALONE = (
    f"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    f" frame-ancestors 'self'; sandbox {SANDBOX}"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter of the maildir; `name` is the file's own name, the only thing an address may say."""

    name: str
    subject: str
    to: str
    sender: str
    at: datetime
    language: str
    message: EmailMessage


def _files() -> dict[str, Path]:
    return {path.name: path for path in (settings().home / "maildir").rglob("*.eml") if path.parent.name != "tmp"}


def _read(path: Path) -> Kept:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    return Kept(
        name=path.name,
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        at=_written(message, path),
        language=str(message["Content-Language"] or ""),
        message=message,
    )


def _written(message: EmailMessage, path: Path) -> datetime:
    """When the letter was written; a file without a readable date is as old as itself."""
    date = getattr(message["Date"], "datetime", None)
    if isinstance(date, datetime) and date.tzinfo:
        return date
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _found(name: str) -> Kept:
    # Only a name that the folder itself lists: nothing of the address becomes a path.
    path = _files().get(name)
    if path is None:
        abort(404)
    return _read(path)


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""


@letters.before_request
def only_in_the_demo() -> None:
    if not settings().demo:
        abort(404)


@letters.get("")
def listing() -> str:
    """The letters, newest first."""
    kept = sorted((_read(path) for path in _files().values()), key=lambda k: (k.at, k.name), reverse=True)
    return render_template("letters.html", letters=kept)


@letters.get("/<name>")
def letter(name: str) -> str:
    """One letter: its head, its HTML in a sandboxed frame, its text part."""
    kept = _found(name)
    return render_template("letter.html", letter=kept, text=_part(kept.message, "plain"), sandbox=SANDBOX)


@letters.get("/<name>/html")
def html(name: str) -> Response:
    """The letter's HTML alone, for the frame."""
    page = _part(_found(name).message, "html")
    # A link of the letter opens a page of its own: inside the frame the board refuses to be shown.
    page = page.replace("<head>", '<head><base target="_blank">', 1)
    return Response(page, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _ALONE})
