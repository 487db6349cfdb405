"""`requests`: what members seek or offer, entered by the office; for members, and for everybody where they agreed.

The one thing to know: every change writes the file anew that the source `members` reads, and has it read at once, so that
a request is matched and mailed like everything else, and is gone from the board when its consent is.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from pydantic import ValidationError

from aggregator.intake import drop, sources
from aggregator.intake.pipeline import read_source
from aggregator.people import requests
from aggregator.people.members import MembersError
from aggregator.people.request import Consent, Held, Request, notice_of
from connectors.base.contract import ParamError
from connectors.base.people import CUT
from connectors.generic.file_drop.posts import SECTORS
from web.commands import pasted
from web.commands.first import first_sources
from web.commands.opening import Opened, opened

SOURCE = "members"
_DAY = click.DateTime(formats=["%Y-%m-%d"])

_FIELDS = (
    click.option("--title", help="One line: what is sought or offered."),
    click.option("--kind", type=click.Choice(["request", "offer", "partner"]), help="What it is."),
    click.option("--text", help="The whole text, without names of persons, telephones and mail addresses."),
    click.option("--organisation", help="Whose it is."),
    click.option("--country", help="Where the organisation is, as IT."),
    click.option("--language", help="Of title and text, as it."),
    click.option("--sector", type=click.Choice(SECTORS), help="Of the seven sectors, or other."),
    click.option("--countries", help="Where the partner may be: FR,DE, or * for anywhere."),
    click.option("--keyword", "keywords", multiple=True, help="A word under which it is found; may be repeated."),
    click.option("--code", "codes", multiple=True, help="A code, as cpv:15540000; may be repeated."),
    click.option("--expires", type=_DAY, help="Its last day, as 2026-12-31; else 180 days."),
    click.option("--url", "--channel", help="A page of the organisation; never a mail address."),
    click.option("--item", type=click.Choice(["good", "service"]), help="Whether it is about a good or a service."),
    click.option(
        "--exchange",
        type=click.Choice(["buy-sell", "rent-lease", "borrow-lend", "receive-donate"]),
        help="On what terms; default: buy-sell.",
    ),
    click.option("--edit", is_flag=True, help="Fill in a form in the editor."),
)


def _fields(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_FIELDS):
        command = option(command)
    return command


@click.group("requests", epilog="Example: worldwidewe requests list")
def requests_command() -> None:
    """Enter, list, publish and withdraw requests and offers of members."""


@requests_command.command("add", epilog="Example: worldwidewe requests add --edit")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_fields
@click.option("--publish", "consented", is_flag=True, help="Publish it at once; needs --consent-by and --on.")
@click.option("--consent-by", help="Who agreed for the organisation.")
@click.option("--on", type=_DAY, help="When, as 2026-11-25.")
@click.option(
    "--basis", default="written consent, kept by the office", show_default=True, help="Where it stands written."
)
def add_command(
    file: Path | None,
    edit: bool,
    consented: bool,
    consent_by: str | None,
    on: datetime | None,
    basis: str,
    **fields: Any,
) -> None:
    """Enter requests: from a FILE with the columns of posts, from options, or in the editor."""
    consent = _consent(consent_by, on, basis) if consented else None
    given, now = _given(fields), datetime.now(UTC)
    with opened() as here:
        first_sources(here.store)
        if file is not None:
            wanted = pasted.of_file(file, given=given)
        else:
            start = {"country": here.settings.country, "language": here.settings.languages[0]} | given
            wanted = [pasted.edited(start) if edit or not given else _request(start)]
        with here.store.write() as connection:
            held = [one.request for one in requests.everything(connection) if one.withdrawn_at is None]
            added = [requests.add(connection, one, now=now) for one in wanted if one not in held]
            if consent is not None:
                added = [requests.publish(connection, one.id, consent, now=now) for one in added]
        for one in added:
            click.echo(f"{one.id}  {one.request.title}")
            if CUT in one.request.model_dump_json():
                click.echo(
                    f"{one.id}: persons, telephones or mail addresses were cut; see: worldwidewe requests show {one.id}",
                    err=True,
                )
        if same := len(wanted) - len(added):
            click.echo(f"{same} stand there already")
        _write(here)


@requests_command.command("change", epilog="Example: worldwidewe requests change 2026-abcde --edit")
@click.argument("id")
@_fields
def change_command(id: str, edit: bool, **fields: Any) -> None:
    """Put other words in the place of a request's. A consent was given for the old ones, so it ends."""
    given = _given(fields)
    with opened() as here:
        with here.store.read() as connection:
            old = requests.get(connection, id)
        start = old.request.model_dump() | given
        request = pasted.edited(start) if edit or not given else _request(start)
        with here.store.write() as connection:
            new = requests.change(connection, id, request, now=datetime.now(UTC))
        if old.public and not new.public:
            click.echo(f"{new.id} is not published any more: worldwidewe requests publish {new.id}", err=True)
        _write(here, anyway=old.public)


@requests_command.command("list", epilog="Example: worldwidewe requests list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per request.")
@click.option("--all", "everything", is_flag=True, help="Those that were withdrawn too.")
def list_command(as_json: bool, everything: bool) -> None:
    """List the requests: number, who may see it, until when, title."""
    with opened() as here, here.store.read() as connection:
        held = [one for one in requests.everything(connection) if everything or one.withdrawn_at is None]
        ends = {one.id: _ends(one, here) for one in held}
    for one in held:
        if as_json:
            told = {"id": one.id, "state": _state(one), "ends": ends[one.id], "version": one.version}
            click.echo(json.dumps(told | one.request.model_dump(mode="json"), ensure_ascii=False))
        else:
            click.echo(f"{one.id}  {_state(one):9}  {ends[one.id]}  {one.request.title[:90]}")
    if not held and not as_json:
        click.echo("no requests; see: worldwidewe requests add --help")


@requests_command.command("show", epilog="Example: worldwidewe requests show 2026-abcde")
@click.argument("id")
def show_command(id: str) -> None:
    """Show one request: its page, its words, and what was done with it."""
    with opened() as here, here.store.read() as connection:
        held = requests.get(connection, id)
        done = requests.history(connection, held.id)
        click.echo(f"{held.id}  {_state(held)}, version {held.version}, until {_ends(held, here)}")
        click.echo(f"page  {_notice(here)(held).url}")
    click.echo(pasted.written(held.request.model_dump()).split("\n", 2)[2].rstrip())
    for at, what, consent in done:
        by = f": {consent.by}, {consent.on}, {consent.basis}" if consent else ""
        click.echo(f"{at:%Y-%m-%d %H:%M}  {what}{by}")


@requests_command.command(
    "publish", epilog="Example: worldwidewe requests publish 2026-abcde --consent-by Presidenza --on 2026-11-25"
)
@click.argument("id")
@click.option("--consent-by", required=True, help="Who agreed for the organisation: an office or a function.")
@click.option("--on", type=_DAY, required=True, help="When, as 2026-11-25.")
@click.option(
    "--basis", default="written consent, kept by the office", show_default=True, help="Where it stands written."
)
def publish_command(id: str, consent_by: str, on: datetime, basis: str) -> None:
    """Let everybody see a request, also the installations that read our feed; the organisation has agreed to it."""
    consent = _consent(consent_by, on, basis)
    _done(id, lambda connection: requests.publish(connection, id, consent, now=datetime.now(UTC)), "published")


@requests_command.command("unpublish", epilog="Example: worldwidewe requests unpublish 2026-abcde")
@click.argument("id")
def unpublish_command(id: str) -> None:
    """Take a request back among the members."""
    _done(id, lambda connection: requests.unpublish(connection, id, now=datetime.now(UTC)), "for members only")


@requests_command.command("withdraw", epilog="Example: worldwidewe requests withdraw 2026-abcde")
@click.argument("id")
def withdraw_command(id: str) -> None:
    """End a request: it leaves the board, the feed and the letters."""
    # Two visits that miss it withdraw it, as with every source.
    _done(id, lambda connection: requests.withdraw(connection, id, now=datetime.now(UTC)), "withdrawn", visits=2)


@requests_command.command("rebuild", epilog="Example: worldwidewe requests rebuild")
def rebuild_command() -> None:
    """Write the file anew that the source reads, of what the store holds."""
    with opened() as here:
        _write(here)


def _done(id: str, do: Callable[[sa.Connection], Held], what: str, *, visits: int = 1) -> None:
    with opened() as here:
        with here.store.write() as connection:
            held = do(connection)
        click.echo(f"{held.id} {what}")
        _write(here, visits=visits, anyway=not held.public)


def _write(here: Opened, *, visits: int = 1, anyway: bool = False) -> None:
    """Write the file, and read it at once: who withdraws a consent does not wait for the rhythm of a source.

    `anyway`: also where the source is switched off, for what it has brought still stands on the board.
    """
    count = requests.write_file(here.store, drop.folder(here.settings.home, SOURCE), notice=_notice(here))
    with here.store.read() as connection:
        there = SOURCE in sources.names(connection)
        reads = there and (anyway or sources.get(connection, SOURCE).enabled)
    if not reads:
        way = f"sources set {SOURCE} --on" if there else f"sources add {SOURCE} {SOURCE}"
        stays = "; what it brought before stands on the board as it was" if anyway else ""
        click.echo(f"{count} requests written; nobody reads them yet: worldwidewe {way}{stays}", err=True)
        return
    for _ in range(visits):
        done = read_source(here.store, SOURCE, settings=here.settings)
    if done.kind not in {"ok", "same"}:
        click.echo(f"not on the board yet: {done.error}; later: worldwidewe pull {SOURCE}", err=True)


def _notice(here: Opened) -> Callable[[Held], Any]:
    settings = here.settings
    return lambda held: notice_of(held, board=settings.board_url, office=settings.office, zone=settings.zone)


def _ends(held: Held, here: Opened) -> str:
    days: Sequence[date | None] = [deadline.on for deadline in _notice(here)(held).deadlines]
    return f"{days[0]}" if days else ""


def _state(held: Held) -> str:
    return "withdrawn" if held.withdrawn_at else "public" if held.public else "members"


def _consent(by: str | None, on: datetime | None, basis: str) -> Consent:
    if not by or on is None:
        raise ParamError("publish", "needs the organisation's consent: --consent-by WHO --on DAY")
    return Consent(by=by, on=on.date(), basis=basis)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in fields.items() if value not in (None, ())}
    if "countries" in given:
        given["countries"] = tuple(one.strip() for one in given["countries"].split(",") if one.strip())
    if "expires" in given:
        given["expires"] = given["expires"].date()
    return given


def _request(given: dict[str, Any]) -> Request:
    try:
        return Request.model_validate(given)
    except ValidationError as error:
        raise MembersError(pasted.told(error)) from error
