"""An organisation, as its source says it, becomes what the directory keeps: clean words, known countries, no persons.

The one thing to know: connectors clean too, but the store trusts none of them. A person, a telephone or a mail address
that a connector lets through ends here.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from urllib.parse import urlsplit, urlunsplit

from aggregator.directory.draft import OrganisationDraft
from aggregator.intake.wording import line, listed, url_of
from connectors.base import codes
from connectors.base.contract import About, Organisation, ParseError, Relation
from connectors.base.people import CUT, without_people
from connectors.base.text import clean_line, shorten, visible

NAME, PLACE, WORDS = 300, 120, 120
DESCRIPTION, UNLICENSED = 2_000, 400
MOST = 40
_HOST = re.compile(r"(?=.{4,253}$)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
_TITLE = re.compile(r"\b(?:Dr|Dott|Prof|Ing|Avv|Arch|Mons|Sr|Sra|Mr|Mrs)\.?(?:\s?(?:ssa|ra))?\s+(?=[A-ZÀ-Þ])")
_WORDS = re.compile(r"[^\W\d_]+")
_ADDRESSED = frozenset(
    ("dott", "dottssa", "dottor", "prof", "ing", "avv", "arch", "sig", "mrs", "mme", "herr", "frau", "ssa")
)
_PERSONS_PAGE = re.compile(r"linkedin\.com/(?:in|pub)/", re.IGNORECASE)
_TIES = frozenset(
    ("member_of", "seat_in", "contact_office", "part_of", "partner_of", "same_as", "owner_of", "known_position")
)
_TIE = re.compile(r"[a-z][a-z0-9_]{0,39}")


def prepared(organisation: Organisation, *, about: About) -> OrganisationDraft:
    """Clean an organisation. Raises ParseError where no identity or no name of an organisation is left.

    Without a written basis a description keeps 400 characters: nobody may be shown more (docs/vocabulary.md, Rights).
    """
    free = about.rights.show == "full" and about.rights.basis.strip().lower() not in {"", "not known"}
    cleaned = _cleaned(organisation, longest=DESCRIPTION if free or organisation.licence else UNLICENSED)
    # The source's own words make the hash; under which name and licence we show them may change with this program.
    told = {"source": cleaned.source or about.title, "licence": cleaned.licence or about.rights.basis}
    return OrganisationDraft(
        organisation=cleaned.model_copy(update=told),
        hash=_hash(cleaned),
    )


def _cleaned(said: Organisation, *, longest: int) -> Organisation:
    source_id, name = visible(said.source_id).strip(), _name(said.name)
    if not source_id or name is None:
        raise ParseError(said.source_id[:100], "name", "nothing is left of it when markup and persons are taken out")
    description = line(said.description, html=True)
    lat, lon = _placed(said.lat, said.lon)
    return said.model_copy(
        update={
            "source_id": source_id[:300],
            "name": name,
            "other_names": tuple(one for one in _each(map(_name, said.other_names)) if one != name),
            "country": codes.country(said.country) if said.country else None,
            "members_country": codes.country(said.members_country) if said.members_country else None,
            "place": _short(said.place, PLACE),
            "lat": lat,
            "lon": lon,
            "website": _website(said.website),
            "domains": _each(_domain(one) for one in said.domains),
            "type": _short(said.type, WORDS),
            "sectors": _words(said.sectors),
            "codes": _each(visible(code)[:WORDS] for code in said.codes if "@" not in code),
            "networks": _words(said.networks),
            "relations": tuple(dict.fromkeys(_ties(said.relations)))[:MOST],
            "description": shorten(description, longest) if description else None,
            "source": _short(said.source, WORDS),
            "licence": _short(said.licence, WORDS),
        }
    )


def _name(text: str) -> str | None:
    """Clean a name. Many organisations are named after somebody, so a title alone cuts nothing from a longer name."""
    cut = line(text)
    if cut is None or CUT not in cut:
        return shorten(cut, NAME) if cut else None
    if not any(len(word) > 2 and word.casefold() not in _ADDRESSED for word in _WORDS.findall(cut)):
        return None  # a person and a title: no organisation
    whole = clean_line(text)
    untitled = _TITLE.sub("", whole)
    return shorten(whole if without_people(untitled) == untitled else cut, NAME)


def _short(text: str | None, limit: int) -> str | None:
    cleaned = line(text, html=True)
    return shorten(cleaned, limit) if cleaned else None


def _words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(shorten(word, WORDS) for word in listed(words)))[:MOST]


def _each(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))[:MOST]


def _website(address: str | None) -> str | None:
    url = url_of(address)
    if url is None or _PERSONS_PAGE.search(url):
        return None
    if "@" in url or "%40" in url:
        parts = urlsplit(url)
        return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    return url


def _domain(name: str) -> str | None:
    host = name.strip().lower().rstrip(".")
    return host if _HOST.fullmatch(host) else None


def _placed(lat: float | None, lon: float | None) -> tuple[float | None, float | None]:
    """Both or none; nought and nought is a filler, and so is what lies on no globe."""
    if lat is None or lon is None or not (math.isfinite(lat) and math.isfinite(lon)):
        return None, None
    if (lat, lon) == (0, 0) or abs(lat) > 90 or abs(lon) > 180:
        return None, None
    return lat, lon


def _ties(relations: Iterable[Relation]) -> Iterator[Relation]:
    """Relations to organisations and offices. What is tied in an unknown way must be an id or an address: no name."""
    for tie in relations:
        # One source says memberOf, another "member of".
        type = re.sub(r"\W+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", tie.type.strip())).lower()
        if not _TIE.fullmatch(type) or _PERSONS_PAGE.search(tie.of) or "@" in tie.of:
            continue
        address = url_of(tie.of) if tie.of.startswith(("http://", "https://")) else None
        of = address or (line(tie.of) if type in _TIES or not re.search(r"\s", tie.of) else None)
        if of and CUT not in of:
            yield Relation(type=type, of=of[:NAME])


def _hash(organisation: Organisation) -> str:
    said = organisation.model_dump(mode="json")
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "1" + blake2b(canonical.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
