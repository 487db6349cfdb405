"""How a request comes in: a file with the columns of a network's posts, or a form in the editor.

The one thing to know: all of it or nothing, and every problem is named with its row or its field.
"""

import html
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import yaml
from pydantic import ValidationError

from aggregator.people.members import MembersError
from aggregator.people.request import Request
from connectors.base.codes import language
from connectors.base.contract import Page
from connectors.base.dates import instant
from connectors.base.text import plain
from connectors.generic.file_drop import Params, posts
from connectors.generic.file_drop.content import rows_of

FORM = """\
# A request or an offer of a member. Lines that begin with # are not read; leave the file empty to do nothing.
# No names of persons, telephone numbers or mail addresses: the way to you is a page of the office.
kind: {kind}              # request, offer or partner
title: {title}
text: |
{text}
organisation: {organisation}
country: {country}           # where the organisation is, as IT
language: {language}          # of the text, as it
sector: {sector}          # media, ict, health, social_services, environment, education, construction, other
countries: {countries}         # where the partner may be, as [FR, DE], or ["*"]; [] if that is open
keywords: {keywords}
codes: {codes}             # as [cpv:15540000], if known
expires: {expires}           # as 2026-12-31; empty: 180 days from now
url: {url}               # a page of the organisation
item: {item}              # good or service
exchange: {exchange}      # buy-sell, rent-lease, borrow-lend or receive-donate
"""
_PARAGRAPH = re.compile(r"</(?:p|div|li|h\d|tr)>|<br\s*/?>", re.I)
_BACK: Mapping[str, str] = {"business_request": "request", "business_offer": "offer", "partner_search": "partner"}


def of_file(path: Path, *, given: Mapping[str, Any]) -> list[Request]:
    """Read the requests of a file; what the command line states holds for every row. Raises ParseError, MembersError."""
    page = Page(url=path.name, body=path.read_bytes(), fetched_at=datetime.now(UTC), role="file")
    params = Params(shape="coopspace")
    found, problems = [], []
    for row in rows_of(page.with_params(params)):
        said = posts.cells_of(row, params.columns)
        try:
            if row.fault:
                raise ValueError(row.fault)
            found.append(Request.model_validate({**_fields(said), **given}))
        except ValidationError as error:
            problems += [f"{path.name}: row {row.number}: {line}" for line in told(error)]
        except ValueError as error:
            problems.append(f"{path.name}: row {row.number}: {error}")
    if not found and not problems:
        problems = [f"{path.name}: no request in it"]
    if problems:
        raise MembersError(problems)
    return found


def _fields(said: Mapping[str, str]) -> dict[str, Any]:
    title, text = said.get("title", ""), said.get("text", "")
    expires = instant(said["expires"]) if "expires" in said else None
    if "expires" in said and expires is None:
        raise ValueError(f"expires: {said['expires'][:40]!r} is no day that can be read")
    lang = next((code for one in re.split(r"[;,/ ]+", said.get("languages", "")) if (code := language(one))), None)
    url = said.get("url") or (said.get("channel") if "//" in said.get("channel", "") else None)
    return {
        "kind": _BACK[posts.kind_of(title, text)],
        "title": title,
        "text": "\n".join(line for part in _PARAGRAPH.split(html.unescape(text)) if (line := plain(part))) or title,
        "organisation": said.get("organisation", ""),
        "sector": said.get("sector", "other").casefold().replace(" ", "_") or "other",
        "expires": expires.date() if isinstance(expires, datetime) else expires,
        **{
            name: value for name, value in (("url", url), ("language", lang), ("country", said.get("country"))) if value
        },
    }


def edited(start: Mapping[str, Any]) -> Request:
    """Let the person fill in the form in the editor until it is right. Raises click.Abort when it comes back empty."""
    form = written(start)
    while True:
        answer = click.edit(form, extension=".yml", require_save=False)
        if answer is None or not [line for line in answer.splitlines() if line.strip() and not line.startswith("#")]:
            raise click.Abort
        try:
            return of_form(answer)
        except MembersError as problems:
            form = "".join(f"#! {line}\n" for line in problems.lines) + re.sub(r"^#!.*\n", "", answer, flags=re.M)
            if not click.confirm(f"{problems.lines[0]}; edit it again?", default=True, err=True):
                raise


def of_form(text: str) -> Request:
    """Read a filled form. Raises MembersError."""
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise MembersError([f"the form is not well written: {' '.join(str(error).split())[:200]}"]) from error
    if not isinstance(said, dict):
        raise MembersError(["the form holds no fields"])
    try:
        return Request.model_validate({key: value for key, value in said.items() if value not in (None, "")})
    except ValidationError as error:
        raise MembersError(told(error)) from error


def written(start: Mapping[str, Any]) -> str:
    """Return the form with what is known already in it."""
    given = dict.fromkeys(Request.model_fields, None) | {"kind": "request", "sector": "other", "exchange": "buy-sell"}
    given |= {"countries": [], "keywords": [], "codes": []} | dict(start)
    text = str(given.pop("text") or "")
    shown = {name: "" if value is None else _flow(value) for name, value in given.items()}
    return FORM.format(text="\n".join(f"  {line}" for line in text.split("\n")), **shown)


def _flow(value: Any) -> str:
    value = value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
    if isinstance(value, str):
        # As a quoted text, so that a colon or a sharp in it is no sign of the form.
        return (
            value
            if re.fullmatch(r"[\w-]+", value)
            else yaml.safe_dump(value, default_style='"', width=10_000, allow_unicode=True).strip()
        )
    return yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True).strip()


def told(error: ValidationError) -> list[str]:
    """One line for each field that is wrong."""
    return [
        f"{'.'.join(map(str, one['loc'])) or 'request'}: {one['msg'].removeprefix('Value error, ')}"
        for one in error.errors()
    ]
