"""`linkedin`: connect the federation's own LinkedIn pages once, and see how long the connection lasts.

The one thing to know: the tokens go from the login into the vault and nowhere else; nothing here prints them.
"""

import secrets as randomness
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from aggregator.intake import sources
from aggregator.intake.pipeline import egress
from aggregator.intake.visit import StoreMemory, hosts_named_in
from aggregator.store.secrets import Vault
from config.version import VERSION
from connectors.base.client import Client
from connectors.base.contract import ConnectorError, FetchError, ParamError, Secrets
from connectors.linkedin.about import ABOUT, Params
from connectors.linkedin.answers import administered
from connectors.linkedin.login import SCOPES, authorization_url, code_in, exchanged
from connectors.linkedin.tokens import Connection, expiring
from connectors.linkedin.tokens import opened as opened_connection
from web.commands.opening import Opened, opened

REDIRECT = "http://localhost/linkedin"
"""Nothing needs to answer there: the person copies the address out of the browser."""


@dataclass(frozen=True, slots=True)
class _Asker:
    """What a question needs, without a visit."""

    http: Client
    secrets: Secrets
    params: Params
    now: datetime


@click.group("linkedin", epilog="Example: worldwidewe linkedin connect")
def linkedin_command() -> None:
    """Connect the pages that we administer on LinkedIn, and see how long the connection lasts."""


@linkedin_command.command("connect", epilog="Example: worldwidewe linkedin connect --source linkedin-pagina")
@click.option("--source", "name", help="The source to connect; default: the connection that is named linkedin.")
@click.option("--client-id", help="Client ID of the app; default: asked for, or the one that is kept.")
@click.option("--redirect", default=REDIRECT, show_default=True, help="A redirect address that the app lists.")
@click.option("--scope", default=SCOPES, show_default=True, help="What the person is asked to allow.")
def connect_command(name: str | None, client_id: str | None, redirect: str, scope: str) -> None:
    """Let a person who administers the page consent, keep the tokens, and list the pages with their numbers.

    Prints an address to open in a browser, and asks for the one to which LinkedIn then sends it.
    """
    with opened() as here:
        params, vault = _params(here, name), Vault(here.store, here.settings.home)
        kept = _kept(vault, params.key)
        app, secret = _app(client_id, kept)
        state = randomness.token_urlsafe(24)
        click.echo("Open this address in a browser, as a person who administers the page, and consent:\n")
        click.echo(authorization_url(params, client_id=app, redirect=redirect, state=state, scope=scope))
        click.echo(
            "\nThe browser then shows an address that begins with the redirect address, and perhaps an error: no matter."
        )
        pasted = str(click.prompt("Paste that whole address here", err=True))
        code = code_in(pasted, state=state)
        with _client(here, params) as http:
            now = datetime.now(UTC)
            made = exchanged(http, params, client_id=app, client_secret=secret, code=code, redirect=redirect, now=now)
            with vault.lock(params.key):  # a visit that renews the old connection must not write over the new one
                vault.put(params.key, made.text(), days=made.days(now))
            click.echo(f"connected: kept in the vault as {params.key}; {_life(made)}")
            _list_pages(_Asker(http, vault, params, now), name)


def _list_pages(asker: _Asker, name: str | None) -> None:
    """The tokens are kept by now: what fails here is told, and costs nothing."""
    try:
        pages = list(administered(asker))
    except ConnectorError as exc:
        click.echo(f"the pages could not be listed: {exc}", err=True)
        return
    if not pages:
        click.echo("this person administers no page: its posts cannot be read", err=True)
    for urn in pages:
        page_id = urn.removeprefix("urn:li:organization:")
        click.echo(f"page {page_id}; read it with: worldwidewe sources set {name or 'NAME'} page_id={page_id} --on")


@linkedin_command.command("status", epilog="Example: worldwidewe linkedin status")
@click.option("--source", "name", help="The source whose connection is meant; default: the one that is named linkedin.")
def status_command(name: str | None) -> None:
    """Say until when the tokens live and the version of the interface is expected to; exit status 1 when one ends soon."""
    with opened() as here:
        params, now = _params(here, name), datetime.now(UTC)
        text = Vault(here.store, here.settings.home).require(params.key)
        soon = expiring(text, now, name=params.key)
    click.echo(soon or _life(opened_connection(text, params.key)))
    left = (params.version_ends - now.date()).days
    click.echo(f"version {params.version} of the interface: expected to end about {params.version_ends:%Y-%m-%d}")
    if soon or left <= 30:
        sys.exit(1)


def _life(made: Connection) -> str:
    renewed = f"the token ends on {made.access_until:%Y-%m-%d}"
    if made.refresh is None:
        return f"{renewed} and cannot be renewed: connect again before"
    if made.ends is None:
        return f"{renewed} and is renewed by itself; LinkedIn does not say for how long"
    return f"{renewed} and is renewed by itself until {made.ends:%Y-%m-%d}: connect again before"


def _params(here: Opened, name: str | None) -> Params:
    if name is None:
        return Params()
    with here.store.read() as connection:
        params = sources.get(connection, name).params
    if not isinstance(params, Params):
        raise ParamError("--source", f"{name!r} does not read LinkedIn")
    return params


def _kept(vault: Vault, name: str) -> Connection | None:
    """The connection that is kept; None for none, and for one that cannot be opened any more."""
    try:
        text = vault.get(name)
        return opened_connection(text, name) if text else None
    except FetchError:
        return None


def _app(client_id: str | None, kept: Connection | None) -> tuple[str, str]:
    app = client_id or (kept.client_id if kept else None) or str(click.prompt("Client ID of the app", err=True)).strip()
    if kept is not None and kept.client_id == app:
        return app, kept.client_secret
    # Never on the command line, where other people of this machine can read it.
    secret = str(click.prompt("Client secret of the app", hide_input=sys.stdin.isatty(), err=True)).strip()
    return app, secret


def _client(here: Opened, params: Params) -> Client:
    return Client(
        about=ABOUT,
        memory=StoreMemory(here.store, "linkedin", dry=True),
        user_agent=f"worldwidewe/{VERSION} (+{here.settings.contact_page})",
        egress=egress(here.settings),
        extra_hosts=hosts_named_in(params),
        obey_robots=ABOUT.robots,
        time_limit=120,
    )
