"""One question to the search, and what it demands of every row of its answer.

The one thing to know: the demands are read back from the request that a page carries, so a kept page is held against
what was asked then, whatever the source asks today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.base.contract import TITLES, Page, ParseError
from connectors.base.documents import json_of
from connectors.eu_funding.about import Params
from connectors.eu_funding.programmes import ANNOUNCEMENT, STATUSES, TYPES

INDEX, PERSONS = "SEDIA", "SEDIA_PERSON"
EVERYTHING = "***"
SOURCE = "DATASOURCE"
PROGRAMME, DIVISION = "frameworkProgramme", "programmeDivision"

_NARROW = (PROGRAMME, DIVISION)
# What a title pass shows: the titles, and every field that is held against the question.
_SHOWN = (
    "identifier", "REFERENCE", "type", "status", "language", SOURCE, PROGRAMME, DIVISION, "title", "callTitle", "caName",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Demand:
    """`field` must hold one of `values`; or, where `forbidden`, none of them."""

    field: str
    values: tuple[str, ...]
    forbidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of one index; `language` empty: of an index without languages."""

    demands: tuple[Demand, ...]
    index: str = INDEX
    language: str = ""
    role: str = "listing"
    text: str = EVERYTHING

    def parts(self) -> dict[str, Any]:
        """Write the parts of the request."""
        terms = [{"terms": {demand.field: list(demand.values)}} for demand in self.demands]
        parts: dict[str, Any] = {"query": {"bool": {"must": terms}}}
        if self.language:
            # Without it every document comes once for each of its translations.
            parts["languages"] = [self.language]
        # Without a sort the order changes from page to page.
        parts["sort"] = {"field": "identifier" if self.index == INDEX else "es_SortDate", "order": "ASC"}
        if self.role == TITLES:
            parts["displayFields"] = list(_SHOWN)
        return parts


def notices(params: Params) -> Question:
    """Ask for everything that the source wants, in English, with the full texts."""
    return Question(demands=_demands(params, "en"), language="en", text=params.text or EVERYTHING)


def titles(params: Params, language: str) -> Question | None:
    """Ask for titles in another language; None where only tenders are read, whose rows are one text under any language."""
    types = tuple(name for name in params.types if name != "tender")
    if not types or language == "en":
        return None
    demands = _demands(params.model_copy(update={"types": types}), language)
    return Question(demands=demands, language=language, role=TITLES, text=params.text or EVERYTHING)


def announcements() -> Question:
    """Ask for announcements of partner search, and never for the organisations and persons who publish them."""
    return Question(demands=(Demand("type", (ANNOUNCEMENT,)),), index=PERSONS)


def without_programme(question: Question) -> Question:
    """Ask the same, but of every programme: it must find something where the portal is well."""
    wide = tuple(demand for demand in question.demands if demand.field not in _NARROW)
    return replace(question, demands=wide, text=EVERYTHING, role="control")


def of_programme_alone(question: Question) -> Question | None:
    """Ask for anything that the same programmes and parts of them ever had; None where none is named.

    Of every kind and status: a programme may never have had a call of the kind that the source wants, and lives.
    """
    if not any(demand.field in _NARROW for demand in question.demands):
        return None
    kinds = Demand("type", tuple(TYPES.values()))
    kept = tuple(demand for demand in question.demands if demand.field not in ("type", "status"))
    return replace(question, demands=(kinds, *kept), text=EVERYTHING, role="control")


def _demands(params: Params, language: str) -> tuple[Demand, ...]:
    wanted = {
        "type": tuple(TYPES[name] for name in params.types),
        "status": tuple(STATUSES[name] for name in params.statuses),
        SOURCE: (INDEX,),
        "language": (language,),
        PROGRAMME: params.programmes,
        DIVISION: params.divisions,
    }
    return tuple(Demand(field, values) for field, values in wanted.items() if values)


def of_persons(page: Page) -> bool:
    """Say whether a page comes from the index of partner search."""
    address = page.request.url if page.request else page.url
    return PERSONS in parse_qs(urlsplit(address).query).get("apiKey", ())


def params_of(page: Page) -> Params:
    """Return the parameters that a page was read with, or the standing ones."""
    return page.params if isinstance(page.params, Params) else Params()


def demands_of(page: Page) -> tuple[Demand, ...]:
    """Say what every row of a page must hold: by its own request, else by its source's parameters. Raises ParseError."""
    asked = _asked(page)
    if asked is not None:
        return asked
    if of_persons(page):
        return announcements().demands
    params = params_of(page)
    if page.role != TITLES:
        return _demands(params, "en")
    languages = Demand("language", params.title_languages or ("it",))
    return tuple(languages if each.field == "language" else each for each in _demands(params, "it"))


def _asked(page: Page) -> tuple[Demand, ...] | None:
    body = page.request.body if page.request else None
    if not body or not body.startswith(b"--"):
        return None
    parts = parts_of(body)
    if "query" not in parts:
        return None
    found = list(_clauses(json_of(replace(page, body=parts["query"])), page))
    if "languages" in parts:
        languages = json_of(replace(page, body=parts["languages"]))
        found.append(Demand("language", tuple(map(str, languages))))
    return tuple(dict.fromkeys(found))


def parts_of(body: bytes) -> dict[str, bytes]:
    """Take `multipart/form-data` apart; its boundary stands in its first line (RFC 2046, 5.1.1)."""
    boundary = body.split(b"\r\n", 1)[0][2:].strip()
    whole = b"Content-Type: multipart/form-data; boundary=" + boundary + b"\r\n\r\n" + body
    message = BytesParser(policy=HTTP).parsebytes(whole)
    found: dict[str, bytes] = {}
    for part in message.iter_parts():
        name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content
    return found


def _clauses(query: Any, page: Page) -> Sequence[Demand]:
    found: list[Demand] = []
    try:
        bool_query: Mapping[str, Any] = query["bool"]
        for occurrence, clauses in bool_query.items():
            if occurrence not in ("must", "must_not"):
                raise ValueError(f"{occurrence} is not known")
            for clause in clauses if isinstance(clauses, list) else [clauses]:
                [(how, what)] = clause.items()
                [(field, values)] = what.items()
                if how not in ("term", "terms"):
                    raise ValueError(f"{how} is not known")
                listed = values if isinstance(values, list) else [values]
                found.append(Demand(field, tuple(map(str, listed)), forbidden=occurrence == "must_not"))
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        # A filter that cannot be held against the rows must not pass for one that was kept.
        raise ParseError(page.url, "request", f"asks with a filter that cannot be checked: {error}") from error
    return found
