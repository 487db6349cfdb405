"""A profile of the schema for organisations, as an entry of the directory. Mail, telephone and postal address are left out."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from connectors.base.codes import country
from connectors.base.contract import Organisation, Page, Relation, Skipped
from connectors.base.text import http_url
from connectors.murmurations.values import point_of, required, tags_of, text_of, web_address

KNOWN = frozenset(
    {
        *("linked_schemas", "name", "nickname", "primary_url", "tags", "urls", "description", "mission", "status"),
        *("full_address", "country_iso_3166", "geolocation", "image", "header_image", "images", "rss"),
        *("relationships", "starts_at", "ends_at", "contact_details", "telephone", "geographic_scope", "unique_id"),
        *("locality", "region"),
    }
)
_OVER = ("completed", "cancelled")
_MOST_RELATIONS = 50


def entry(profile: dict[str, Any], *, id: str, page: Page) -> Organisation | Skipped:
    """Read an organisation. Raises ParseError for one without a name."""
    name = required(profile, "name", url=page.url, limit=200)
    if profile.get("status") in _OVER or _has_ended(profile.get("ends_at"), page.fetched_at):
        return Skipped("an organisation that is no more", id)
    website, point = web_address(profile.get("primary_url")), point_of(profile)
    stated = profile.get("country_iso_3166")
    nickname = text_of(profile.get("nickname"), 200)
    return Organisation(
        source_id=id,
        name=name,
        other_names=(nickname,) if nickname and nickname != name else (),
        country=country(stated) if isinstance(stated, str) else None,
        place=text_of(profile.get("locality"), 100) or None,
        lat=point[0] if point else None,
        lon=point[1] if point else None,
        website=website,
        domains=_domains(website),
        sectors=tags_of(profile),
        networks=("Murmurations",),
        relations=tuple(dict.fromkeys(_relations(profile))),
        description=text_of(profile.get("description"), 2_000) or text_of(profile.get("mission"), 2_000) or None,
        source=id,
    )


def _has_ended(seconds: object, fetched_at: datetime) -> bool:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return False
    return 0 < seconds < fetched_at.timestamp()


def _domains(website: str | None) -> tuple[str, ...]:
    """The domain of a site of its own; a page on somebody else's site is no mark of the organisation."""
    parts = urlsplit(website or "")
    host = (parts.hostname or "").removeprefix("www.")
    return (host,) if host and parts.path in ("", "/") else ()


def _relations(profile: dict[str, Any]) -> Iterator[Relation]:
    stated = profile.get("relationships")
    for each in stated[:_MOST_RELATIONS] if isinstance(stated, list) else ():
        predicate = each.get("predicate_url") if isinstance(each, dict) else None
        of = each.get("object_url") if isinstance(each, dict) else None
        if isinstance(predicate, str) and isinstance(of, str) and (target := http_url(of)):
            # https://schema.org/memberOf: its last part is the word.
            word = text_of(predicate.rstrip("/").rpartition("/")[2], 60)
            yield Relation(type=word or "related", of=target)
