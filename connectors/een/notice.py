"""A profile becomes a Notice.

The one thing to know: the company stays unnamed. Whoever is interested writes to a partner of the network, through the
form behind the profile's address.
"""

from typing import Any

from connectors.base.contract import Contact, Link, Notice, ParseError, Programme, Title
from connectors.base.people import without_people
from connectors.base.pod import PODReference, pod_reference
from connectors.base.text import clean_html, http_url, plain, shorten
from connectors.een import terms
from connectors.een.profile import Profile, key_of

SUMMARY, BODY = "Short Summary", "Full Description"
_BODY = (
    BODY,
    "Advantages and Innovations",
    "Technical Specification or Expertise Sought",
    "Expected Role of a Partner",
    "IPR notes",
)
_CALL, _CALL_LINK, _PROGRAMME = "Call title and identifier", "Web link to the call", "Framework program"
# What no field of a notice holds, by the name that we give it.
_MORE = {
    "type": "Profile Type",
    "stage": "Stage of Development",
    "ipr_status": "IPR status",
    "scheme": "Submission and evaluation scheme",
    "coordinator": terms.COORDINATOR,
    "weeks": "Project duration in weeks",
    "project": "Project title and acronym",
}
_LISTS = {"partnership": terms.PARTNERSHIP, "sector_groups": "Sector Groups Involved"}
_READ = frozenset(
    key_of(label)
    for label in (
        *("POD Reference", SUMMARY, *_BODY, _CALL, _CALL_LINK, _PROGRAMME, *_MORE.values(), *_LISTS.values()),
        *(terms.VALIDITY, terms.EOI, terms.CALL, terms.TARGETED, terms.ORIGIN, terms.PARTNERS, terms.BUDGET),
        *("Technology keywords", "Market keywords", "Sustainable Development Goals"),
    )
)


def reference_of(profile: Profile, url: str) -> PODReference:
    """Return a profile's reference. Raises ParseError."""
    raw = profile.text("POD Reference")
    reference = pod_reference(raw)
    if reference is None:
        raise ParseError(url, "POD Reference", f"is no reference: {raw[:60]!r}" if raw else "is missing")
    return reference


def notice_of(profile: Profile, *, url: str) -> Notice:
    """Read a profile that stands at `url`. Raises ParseError without its reference or its summary."""
    reference = reference_of(profile, url)
    summary = without_people(profile.text(SUMMARY))
    if not summary:
        raise ParseError(url, SUMMARY, "is missing")
    read = terms.Terms()
    start, end = read.validity(profile)
    deadlines = read.deadlines(profile, end)
    countries = read.countries(profile)
    codes, keywords = read.codes(profile)
    origin = profile.text(terms.ORIGIN)
    programme = profile.text(_PROGRAMME)
    more: dict[str, Any] = {name: profile.text(label) for name, label in _MORE.items()}
    more |= {name: list(profile.lines(label)) for name, label in _LISTS.items()}
    more["validity"] = {"from": start.isoformat(), "to": end.isoformat()} if start and end else None
    more["created"] = reference.created.isoformat() if reference.created else None
    more["call"] = None if http_url(profile.text(_CALL)) else profile.text(_CALL)
    more["thin"] = True if profile.field(BODY) is None else None
    return Notice(
        source_id=reference.text,
        url=url,
        titles={"en": Title(text=without_people(profile.title))},
        kind=reference.kind,
        summary=shorten(summary, 500),
        body=_body(profile, url),
        lang="en",
        published_at=start,
        deadlines=deadlines,
        countries=countries,
        # The reference names the country where the page does not; a name that we do not know is not overruled by it.
        origin_country=read.country(terms.ORIGIN, origin) if origin else reference.country,
        codes=codes,
        keywords=keywords,
        budget=terms.budget(profile),
        programme=Programme(name=programme) if programme else None,
        eligibility=terms.eligibility(profile),
        links=_links(profile),
        contact=Contact(url=f"{url.rstrip('/')}/partnership-contact"),
        same_as=(reference.key,),
        extra={"een": _stated({**more, "not_understood": read.notes, "unknown_fields": _unknown(profile)})},
    )


def card_notice(reference: PODReference, *, title: str, summary: str, url: str) -> Notice | None:
    """Say what a card by itself says; None where nothing is left of its title."""
    shown, told = without_people(title), without_people(summary)
    if not shown:
        return None
    return Notice(
        source_id=reference.text,
        url=url,
        titles={"en": Title(text=shown)},
        kind=reference.kind,
        summary=shorten(told, 500) or None,
        lang="en",
        origin_country=reference.country,
        same_as=(reference.key,),
    )


def _body(profile: Profile, url: str) -> str | None:
    parts = []
    for label in _BODY:
        field = profile.field(label)
        html = clean_html(field.html, url) if field else ""
        if plain(html):
            parts.append(f"<h3>{label}</h3>\n{html if html.startswith('<') else f'<p>{html}</p>'}")
    return without_people("\n".join(parts)) or None


def _links(profile: Profile) -> tuple[Link, ...]:
    # The title of the call is sometimes nothing but its address.
    urls = (http_url(profile.text(label)) for label in (_CALL_LINK, _CALL))
    return tuple(Link(url=url, title=_CALL_LINK) for url in dict.fromkeys(urls) if url is not None)


def _unknown(profile: Profile) -> list[str]:
    """Labels that nobody has seen yet: the site has changed, or has more to say."""
    return [field.label for field in profile.fields if key_of(field.label) not in _READ]


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}
