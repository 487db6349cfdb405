"""`parse`: a saved answer of a platform in, JSON lines out; for maintainers, for checks, for the curious."""

import json
import mimetypes
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

import connectors
from aggregator.intake.reading import Rejected, readings
from aggregator.intake.sources import checked
from connectors.base.contract import Notice, Organisation, Page, ParamError, ParseError, Seen, Translation
from web.commands.params import params_given

_UNREADABLE = 3


@click.command("parse", epilog="Example: worldwidewe parse feed saved.xml --url https://example.org/rss.xml")
@click.argument("connector")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", help="The address the answer came from.")
@click.option("--role", default="", help="What the answer is: listing, detail, feed …; default: the connector's first.")
@click.option("--content-type", help="Its media type; default: by the file's ending.")
@click.option("--unwrap", metavar="POINTER", help="JSON pointer to the answer inside the file.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the connector.")
def parse_command(
    connector: str,
    file: Path,
    url: str | None,
    role: str,
    content_type: str | None,
    unwrap: str | None,
    params: tuple[str, ...],
) -> None:
    """Read a saved answer and print a JSON line per notice or organisation; rejected records go to standard error.

    Of a listing whose truth stands on detail pages, each line is what the card by itself says.

    Exit status 3 when the page itself cannot be read.
    """
    module = connectors.load(connector)
    body = file.read_bytes()
    if unwrap is not None:
        body = _unwrapped(body, unwrap)
    # A page that nobody named has no address; this name can belong to no site (RFC 2606).
    address = url or f"https://unknown.invalid/{quote(file.name)}"
    given = params_given(connector, params)
    if "url" in module.Params.model_fields:
        given.setdefault("url", address)
    page = Page(
        url=address,
        body=body,
        fetched_at=datetime.now(UTC),
        role=role or ("feed" if connector == "feed" else "listing"),
        headers={"content-type": content_type or _guessed(file)},
        params=checked(connector, given),
    )
    try:
        for reading in readings(module, page):
            match reading:
                case Notice() | Organisation():
                    click.echo(reading.model_dump_json())
                case Seen(says=Notice() as notice):
                    click.echo(notice.model_dump_json())
                case Seen():
                    click.echo(
                        json.dumps({"source_id": reading.source_id} | ({"url": reading.url} if reading.url else {}))
                    )
                case Translation():
                    titles = {lang: title.model_dump(mode="json") for lang, title in reading.titles.items()}
                    click.echo(json.dumps({"source_id": reading.source_id, "titles": titles}, ensure_ascii=False))
                case Rejected():
                    named = {"source_id": reading.source_id} if reading.source_id else {}
                    said = {"where": reading.where, "reason": reading.reason, "excerpt": reading.excerpt}
                    click.echo(json.dumps(named | said, ensure_ascii=False), err=True)
    except ParseError as exc:
        click.echo(f"worldwidewe: {exc}", err=True)
        sys.exit(_UNREADABLE)


def _unwrapped(body: bytes, pointer: str) -> bytes:
    """Take the value at a JSON pointer (RFC 6901); a text value is the answer itself, anything else its JSON."""
    try:
        value: Any = json.loads(body)
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]
    except (ValueError, KeyError, IndexError, TypeError) as exc:
        raise ParamError("--unwrap", f"there is nothing at {pointer!r} in this file") from exc
    return value.encode() if isinstance(value, str) else json.dumps(value, ensure_ascii=False).encode()


def _guessed(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"
