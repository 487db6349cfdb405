"""LinkedIn's login (OAuth 2, RFC 6749): the way to a first token, and the renewal of one that has ended.

The one thing to know: what the login gives is in the vault before anybody uses it, and only one process renews at a time.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from connectors.base.contract import HTTP, FetchError, Page, ParamError, ParseError, Secrets
from connectors.base.documents import object_of
from connectors.base.text import clean_line
from connectors.linkedin.about import CONNECT, Params
from connectors.linkedin.tokens import Connection, new, opened

SCOPES = "r_organization_social rw_organization_admin"
"""Read the posts of our pages, and list which pages those are."""
_REFUSED = (400, 401, 403)


class Asker(Protocol):
    """Whoever asks LinkedIn: a visit, or the command that connects."""

    @property
    def http(self) -> HTTP: ...
    @property
    def secrets(self) -> Secrets: ...
    @property
    def params(self) -> Any: ...
    @property
    def now(self) -> datetime: ...


def authorization_url(params: Params, *, client_id: str, redirect: str, state: str, scope: str = SCOPES) -> str:
    """The address that the person who administers the page opens in a browser."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect,
        "state": state,
        "scope": scope,
    }
    return f"{params.login}/authorization?{urlencode(asked, quote_via=quote)}"


def code_in(address: str, *, state: str) -> str:
    """Take the code out of the address to which LinkedIn sent the browser back. Raises ParamError that says what is wrong.

    The state must be the one that we gave: else somebody has slipped us an address of theirs (RFC 6749, 10.12).
    """
    try:
        query = parse_qs(urlsplit(address.strip()).query)
    except ValueError:
        query = {}
    if not hmac.compare_digest(query.get("state", [""])[0].encode(), state.encode()):
        raise ParamError("address", "does not carry the state of this attempt; begin again and paste the whole address")
    if "error" in query:
        told = query.get("error_description", query["error"])[0]
        raise ParamError("address", f"LinkedIn says no: {clean_line(told, 200)}")
    code = query.get("code", [""])[0]
    if not code:
        raise ParamError("address", "carries no code; paste the whole address that the browser shows after the consent")
    return code


def exchanged(
    http: HTTP, params: Params, *, client_id: str, client_secret: str, code: str, redirect: str, now: datetime
) -> Connection:
    """Turn a code into a connection. Raises FetchError, ParseError."""
    page = _post(
        http,
        params,
        {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect},
        client_id=client_id,
        client_secret=client_secret,
        private=(code,),
    )
    return new(object_of(page), client_id=client_id, client_secret=client_secret, now=now, url=page.url)


def access(asker: Asker) -> str:
    """A token that lasts for this visit, renewed if need be. Raises FetchError("auth") when a person must connect."""
    kept = opened(asker.secrets.require(asker.params.key), asker.params.key)
    return kept.access if kept.fresh(asker.now) else renewed(asker, stale=kept.access)


def renewed(asker: Asker, *, stale: str) -> str:
    """Renew a token that has ended or was refused, once, whoever else wants to; return the one that holds now.

    Raises FetchError: "auth" when there is nothing to renew it with, or LinkedIn does not want to.
    """
    name = asker.params.key
    with asker.secrets.lock(name):
        # Whoever waited here for another process finds its work done.
        kept = opened(asker.secrets.require(name), name)
        if kept.access != stale:
            return kept.access
        if kept.refresh is None:
            why = "the token has ended or was withdrawn, and LinkedIn gave this app none to renew it with"
            raise FetchError("auth", f"secret {name!r}", f"{why}; {CONNECT}")
        page = _post(
            asker.http,
            asker.params,
            {"grant_type": "refresh_token", "refresh_token": kept.refresh},
            client_id=kept.client_id,
            client_secret=kept.client_secret,
            private=(kept.refresh,),
        )
        after = kept.renewed(object_of(page), now=asker.now, url=page.url)
        asker.secrets.put(name, after.text(), days=after.days(asker.now))
    return after.access


def _post(
    http: HTTP, params: Params, fields: dict[str, str], *, client_id: str, client_secret: str, private: Sequence[str]
) -> Page:
    url = f"{params.login}/accessToken"
    page = http.post_form(url, {**fields, "client_id": client_id, "client_secret": client_secret}, accept=_REFUSED)
    if page.status in _REFUSED:
        told = _told(page)
        for secret in (*private, client_secret):
            told = told.replace(secret, "***")
        raise FetchError("auth", url, f"the login refuses ({told}); {CONNECT}", status=page.status)
    return page


def _told(page: Page) -> str:
    try:
        said = object_of(page)
    except ParseError:
        return str(page.status)
    parts = (clean_line(str(said[name]), 150) for name in ("error", "error_description") if said.get(name))
    return ": ".join(parts) or str(page.status)
