"""A record of the platform becomes a notice, or is left out by name.

The one thing to know: not the kind of form but three facts make a call: it is an "avviso", it is public, and its term lay
ahead when it was published. Results, changes of contracts and corrections come in the same forms.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from connectors.anac_pvl.about import SITE
from connectors.anac_pvl.act import Act, act_of, every, places, said, trades
from connectors.anac_pvl.when import deadlines, moment
from connectors.base.contract import Body, Link, Money, Notice, Page, ParseError, Record, Skipped, Title
from connectors.base.people import without_people
from connectors.base.text import clean_line, http_url, shorten

_TITLE, _SUMMARY = 300, 500
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_TED = re.compile(r"(?<!\d)0*([1-9]\d{0,7})-(20\d\d)(?!\d)")


def identify(record: Record) -> str | None:
    """Name a record that could not be read."""
    id = record.data.get("idAvviso") if isinstance(record.data, Mapping) else None
    return id if isinstance(id, str) and _ID.fullmatch(id) else None


def read(record: Record, page: Page) -> Notice | Skipped:
    """Read one act. Raises ParseError for one without an id or without a word of what it is about."""
    id = identify(record)
    if id is None:
        raise ParseError(page.url, record.where, "has no id (idAvviso)")
    data: Mapping[str, Any] = record.data
    published, ends = moment(data.get("dataPubblicazione")), moment(data.get("dataScadenza"))
    if why := _no_call(data):
        return Skipped(why, id)
    if ends is None:
        return Skipped("without a term: a result, or a change of a contract", id)
    if published is not None and ends <= published:
        return Skipped("its term had passed when it was published", id)
    act = act_of(data)
    natures = every(act.lots, "natura_principale")
    wanted = getattr(page.params, "natures", ())
    if wanted and natures and not set(wanted) & set(natures):
        return Skipped("of another nature than was asked for", id)
    title, whole = _title(act), without_people(said(act.metadata, "descrizione"))
    if not title:
        raise ParseError(page.url, f"{record.where}.metadata", "neither a title nor a description")
    regions, countries = places(act.lots)
    codes, labels = trades(act.lots)
    papers = dict.fromkeys(url for raw in act.papers if (url := http_url(raw)))
    number = _ted_number(act.metadata)
    return Notice(
        source_id=id,
        url=f"{SITE}/bandi/{id}",
        titles={"it": Title(text=shorten(title, _TITLE))},
        kind="tender",
        summary=shorten(whole, _SUMMARY) if whole and whole != shorten(title, _TITLE) else None,
        body=_lots_told(act.lots) or None,
        lang="it",
        published_at=published,
        updated_at=moment(data.get("dataPubblicazioneRettifica")),
        deadlines=deadlines(data.get("dataScadenza"), act.lots),
        countries=countries,
        origin_country="IT",
        regions=regions,
        codes=codes,
        keywords=labels,
        budget=_value(act.lots),
        organisation=Body(name=act.buyers[0], country="IT") if act.buyers else None,
        documents=tuple(Link(url=url, title="documenti di gara", lang="it") for url in papers),
        same_as=(f"ted:{number}",) if number else (),
        extra={"anac_pvl": _more(data, act) | ({"nature": list(natures)} if natures else {})},
    )


def _no_call(data: Mapping[str, Any]) -> str | None:
    if data.get("tipo") != "avviso":
        return f"of type {clean_line(str(data.get('tipo')), 40)}, no call"
    if data.get("oscurato") is True:
        return "withheld from the public"
    return "not active" if data.get("attivo") is False else None


def _title(act: Act) -> str:
    given = (act.metadata.get("titolo"), act.metadata.get("descrizione"), *(lot.get("descrizione") for lot in act.lots))
    lines = (without_people(clean_line(each)) for each in given if isinstance(each, str))
    return next((line for line in lines if line), "")


def _lots_told(lots: Sequence[Mapping[str, Any]]) -> str:
    """The lots as a list, where there are several."""
    items = [
        f"<li>{escape(line, quote=False)}</li>" for line in map(without_people, every(lots, "descrizione")) if line
    ]
    return f"<ul>{''.join(items)}</ul>" if len(items) > 1 else ""


def _value(lots: Sequence[Mapping[str, Any]]) -> Money | None:
    """The sum of what the lots are worth; where one does not say, nobody knows the whole."""
    stated = [lot.get("valore_complessivo_stimato") for lot in lots]
    if not stated or any(isinstance(each, bool) or not isinstance(each, int | float) or each <= 0 for each in stated):
        return None
    total = sum((Decimal(str(each)) for each in stated), Decimal())
    return Money(total=total, currency="EUR", raw=shorten(" + ".join(map(str, stated)), 200))


def _ted_number(metadata: Mapping[str, Any]) -> str | None:
    link = metadata.get("link_eform_ted")
    found = _TED.search(link) if isinstance(link, str) and "ted.europa.eu" in link[:2_000] else None
    return f"{found[1]}-{found[2]}" if found else None


def _more(data: Mapping[str, Any], act: Act) -> dict[str, Any]:
    told: dict[str, Any] = {
        "form": data.get("codiceScheda"),
        "contract": data.get("idAppalto"),
        "procedure": said(act.general, "tipo_procedura_aggiudicazione"),
        "cig": list(every(act.lots, "cig")),
        "places": list(every(act.lots, "luogo_nuts", "luogo_istat")),
        "buyers": list(act.buyers[1:]),
    }
    return {name: value for name, value in told.items() if value}
