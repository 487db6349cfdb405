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
from connectors.een.profile import CALL, EOI, REFERENCE, VALIDITY, Profile, key_of

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
_READ = frozenset(
    key_of(label)
    for label in (
        *(REFERENCE, SUMMARY, *_BODY, _CALL, _CALL_LINK, _PROGRAMME, *_MORE.values()),
        *(VALIDITY, EOI, CALL, terms.TARGETED, terms.ORIGIN, terms.PARTNERS, terms.PARTNERSHIP, terms.BUDGET),
        *(*terms.KEYWORDS.values(), terms.GOALS, terms.GROUPS),
    )
)


def reference_of(profile: Profile, url: str) -> PODReference:
    """Return a profile's reference. Raises ParseError."""
    raw = profile.text(REFERENCE)
    reference = pod_reference(raw)
    if reference is None:
        raise ParseError(url, REFERENCE, f"is no reference: {raw[:60]!r}" if raw else "is missing")
    return reference


def notice_of(profile: Profile, *, url: str) -> Notice:
    """Read a profile that stands at `url`. Raises ParseError without its reference, and without any text to show."""
    reference = reference_of(profile, url)
    told = {label: without_people(profile.text(label)) for label in (SUMMARY, BODY)}
    summary = told[SUMMARY] or told[BODY]
    if not summary:
        raise ParseError(url, SUMMARY, f"is missing, and so is {BODY}")
    read = terms.Terms()
    start, end = read.validity(profile)
    deadlines = read.deadlines(profile, end)
    countries = read.countries(profile)
    codes, keywords = read.codes(profile)
    origin = profile.text(terms.ORIGIN)
    programme = profile.text(_PROGRAMME)
    more: dict[str, Any] = {name: profile.text(label) for name, label in _MORE.items()}
    more |= {"partnership": list(read.partnerships(profile)), "sector_groups": list(read.groups(profile))}
    more["validity"] = {"from": start.isoformat(), "to": end.isoformat()} if start and end else None
    more["created"] = reference.created.isoformat() if reference.created else None
    more["call"] = None if http_url(profile.text(_CALL)) else profile.text(_CALL)
    more["thin"] = [label for label, text in told.items() if not text]
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
        eligibility=read.eligibility(profile),
        links=_links(profile),
        contact=Contact(url=f"{url.rstrip('/')}/partnership-contact"),
        same_as=(reference.key,),
        extra={"een": _stated({**more, "not_understood": read.notes, "unknown_fields": unknown_labels(profile)})},
    )


def lacks_summary(notice: Notice) -> bool:
    """Whether the summary of this notice is only the beginning of its description."""
    return SUMMARY in notice.extra["een"].get("thin", ())


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


def unknown_labels(profile: Profile) -> list[str]:
    """Labels, and headings above labels, that nobody has seen yet: the site has changed, or has more to say."""
    return [*(field.label for field in profile.fields if key_of(field.label) not in _READ), *profile.elsewhere]


def _stated(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [])}
