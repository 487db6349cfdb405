"""Invented tenders for the TED simulator: each one follows from the seed and its place in the row, nothing is stored.

The one thing to know: towns and buyers do not exist; trades carry their official CPV labels (Regulation (EC) 213/2008).
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from uuid import UUID

NEED_LANGUAGES = ("it", "en", "fr", "es", "de", "pl", "nl")
CALLS = ("competition", "planning", "consultation")


@dataclass(frozen=True, slots=True, eq=False)
class Trade:
    code: str
    labels: dict[str, str]
    needs: dict[str, str]


@dataclass(frozen=True, slots=True)
class Country:
    iso3: str
    language: str
    zone: str
    weight: int
    regions: tuple[str, ...]
    towns: tuple[str, ...]
    buyers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """One notice, as facts; times are minutes of the day, one entry a lot."""

    index: int
    number: str
    form: str
    kind: str
    procedure: str
    identifier: UUID
    procedure_id: UUID
    country: str
    language: str
    buyer: str
    town: str
    region: str | None
    trade: Trade
    title: str
    lots: int
    codes: tuple[str, ...]
    published: date
    due: tuple[date, ...]
    due_at: tuple[int, ...]
    by_request: bool
    in_utc: bool
    values: tuple[int, ...]
    whole_value: bool
    reserved: tuple[str, ...] | None
    nature: str
    framework: bool
    also_english: bool


COUNTRIES = {
    "FR": Country(
        "FRA", "fr", "Europe/Paris", 24, ("FRK24", "FRF11", "FRH02", "FRI12"),
        ("Saint-Aubin-sur-Loue", "Montrésy", "Val-de-Brenne", "Port-Lannec", "Roquebrune-les-Bois", "Castelviel"),
        ("Commune de {town}", "Centre hospitalier de {town}", "Communauté d'agglomération de {town}", "CCAS de {town}"),
    ),
    "DE": Country(
        "DEU", "de", "Europe/Berlin", 24, ("DE125", "DEA23", "DE212", "DED51"),
        ("Neuenfels", "Oberwaldstein", "Altenbrück", "Hohenrieden", "Lindau am Bach", "Sankt Gerold"),
        ("Stadt {town}", "Landkreis {town}", "Stadtwerke {town}", "Klinikum {town}"),
    ),
    "ES": Country(
        "ESP", "es", "Europe/Madrid", 14, ("ES511", "ES300", "ES213", "ES612"),
        ("Villaverde del Río Seco", "Montalbán de la Sierra", "Puerto Alegría", "San Telmo", "Alcornocal"),
        ("Ayuntamiento de {town}", "Diputación de {town}", "Mancomunidad de {town}", "Hospital Comarcal de {town}"),
    ),
    "IT": Country(
        "ITA", "it", "Europe/Rome", 12, ("ITH53", "ITC4C", "ITI14", "ITG12"),
        ("Borgo San Vitale", "Castelrosso", "Montefiore al Lago", "Porto Sereno", "Valdombra"),
        ("Comune di {town}", "Unione dei Comuni di {town}", "Azienda sanitaria di {town}", "Consorzio sociale di {town}"),
    ),
    "PL": Country(
        "POL", "pl", "Europe/Warsaw", 11, ("PL213", "PL415", "PL911"),
        ("Zielona Dolina", "Stary Młyn", "Nowa Brzezina", "Jaworzec"),
        ("Gmina {town}", "Powiat {town}", "Szpital Powiatowy {town}"),
    ),
    "NL": Country(
        "NLD", "nl", "Europe/Amsterdam", 8, ("NL329", "NL33C", "NL414"),
        ("Oudewater aan Zee", "Lindendijk", "Westerbeek", "Groenlo-Zuid"),
        ("Gemeente {town}", "Veiligheidsregio {town}", "Stichting Scholen {town}"),
    ),
    "BE": Country(
        "BEL", "fr", "Europe/Brussels", 4, ("BE100", "BE332"),
        ("Hautefagne", "Marche-en-Brabant"),
        ("Ville de {town}", "CPAS de {town}", "Intercommunale de {town}"),
    ),
    "AT": Country(
        "AUT", "de", "Europe/Vienna", 5, ("AT130", "AT221"),
        ("Steinkirchen an der Alm", "Bad Rosenau"),
        ("Marktgemeinde {town}", "Sozialhilfeverband {town}"),
    ),
    "IE": Country(
        "IRL", "en", "Europe/Dublin", 4, ("IE061", "IE051"),
        ("Ballymore Strand", "Kilbrannan"),
        ("{town} County Council", "{town} Education and Training Board"),
    ),
}  # fmt: skip
_PREFIXES = {
    "fr": ("{need}", "{need}", "Accord-cadre : {need}", "{need} – {buyer}", "{need} – relance du lot {n}"),
    "de": ("{need}", "{need}", "Rahmenvertrag: {need}", "{need} – {buyer}", "{need} ({year}/{n:03})"),
    "es": ("{need}", "{need}", "Acuerdo marco: {need}", "{need} – {buyer}", "{need}, expediente {n:03}/{year}"),
    "it": ("{need}", "{need}", "Accordo quadro: {need}", "{need} – {buyer}", "{need}, gara n. {n:03}/{year}"),
    "pl": ("{need}", "{need}", "Umowa ramowa: {need}", "{need} – {buyer}", "{need} (ZP.271.{n}.{year})"),
    "nl": ("{need}", "{need}", "Raamovereenkomst: {need}", "{need} – {buyer}", "{need} ({year}-{n:03})"),
    "en": ("{need}", "{need}", "Framework agreement: {need}", "{need} – {buyer}", "{need} (ref. {year}/{n:03})"),
}
_KINDS = (
    ("competition", "cn-standard", 56), ("competition", "cn-social", 8), ("competition", "pin-cfc-social", 3),
    ("competition", "qu-sy", 2), ("planning", "pin-only", 7), ("consultation", "pmc", 2), ("result", "can-standard", 18),
    ("dir-awa-pre", "veat", 2), ("cont-modif", "can-modif", 2),
)  # fmt: skip
_KIND_WEIGHTS = [weight for _, _, weight in _KINDS]
_COUNTRY_CODES = tuple(COUNTRIES)
_COUNTRY_WEIGHTS = [country.weight for country in COUNTRIES.values()]
_HOURS = (540, 600, 660, 720, 720, 720, 780, 840, 960, 1020, 1439)
_SPAN = 45  # days of publications


@cache
def trades() -> tuple[Trade, ...]:
    """Read the table of trades beside this file."""
    with (Path(__file__).parent / "ted_trades.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Trade(
                row["code"],
                {lang: row[f"label_{lang}"] for lang in ("it", "en", "fr", "es", "de")},
                {lang: row[f"need_{lang}"] for lang in NEED_LANGUAGES},
            )
            for row in csv.DictReader(file)
        )


def _near(trade: Trade) -> tuple[Trade, ...]:
    """The trades of the same CPV division: what a buyer adds to the main code in earnest."""
    return tuple(other for other in trades() if other.code[:2] == trade.code[:2])


def tender(index: int, *, of: int, seed: int, today: date) -> Tender:
    """Invent the notice at one place; the higher the index, the newer. From `of` on, published today."""
    dice = Random(seed * 1_000_003 + index)
    form, kind, _ = dice.choices(_KINDS, _KIND_WEIGHTS)[0]
    code = dice.choices(_COUNTRY_CODES, _COUNTRY_WEIGHTS)[0]
    country = COUNTRIES[code]
    trade = dice.choice(trades())
    town = dice.choice(country.towns)
    buyer = dice.choice(country.buyers).format(town=town)
    published = today - timedelta(days=max(0, of - 1 - index) * _SPAN // max(of, 1))
    lots = 1 if dice.random() < 0.7 else dice.randint(2, 6)
    prefix = dice.choice(_PREFIXES[country.language])
    n = dice.randint(1, 180)
    due = _due(dice, form=form, kind=kind, lots=lots, published=published)
    value = dice.choice((40, 65, 90, 140, 221, 300, 480, 750, 1200, 2600, 5400)) * 1_000 + dice.randint(0, 999)
    return Tender(
        index=index,
        number=f"{300_000 + index}-{published.year}",
        form=form,
        kind=kind,
        procedure="restricted" if dice.random() < 0.1 else "open",
        identifier=UUID(int=dice.getrandbits(128), version=4),
        procedure_id=UUID(int=dice.getrandbits(128), version=4),
        country=code,
        language=country.language,
        buyer=buyer,
        town=town,
        region=dice.choice(country.regions) if dice.random() < 0.9 else None,
        trade=trade,
        title=prefix.format(need=trade.needs[country.language], buyer=buyer, n=n, year=published.year),
        lots=lots,
        codes=(trade.code, *([dice.choice(_near(trade)).code] if dice.random() < 0.25 else [])),
        published=published,
        due=due,
        due_at=tuple(dice.choice(_HOURS) for _ in range(1)) * len(due),
        by_request=dice.random() < 0.08,
        in_utc=dice.random() < 0.1,
        values=tuple(value // lots + 7 * lot for lot in range(lots)) if dice.random() < 0.85 else (),
        whole_value=dice.random() < 0.7,
        reserved=_reserved(dice, form=form, trade=trade, lots=lots),
        nature="services" if trade.code[:2] not in ("15", "03", "18", "33", "39", "48", "09", "45") else
        ("works" if trade.code.startswith("45") else "supplies"),
        framework="Accord" in prefix or "Rahmen" in prefix,
        also_english=dice.random() < 0.15,
    )  # fmt: skip


def _due(dice: Random, *, form: str, kind: str, lots: int, published: date) -> tuple[date, ...]:
    """Days by lot: most calls close all lots together, some do not, a few have no day (a standing qualification)."""
    if form != "competition" or kind == "qu-sy":
        return ()
    first = published + timedelta(days=dice.randint(18, 70))
    first -= timedelta(days=max(0, first.isoweekday() - 5))  # offices are closed at weekends
    if lots > 1 and dice.random() < 0.2:
        return tuple(first + timedelta(days=7 * (lot % 2)) for lot in range(lots))
    return (first,) * lots


def _reserved(dice: Random, *, form: str, trade: Trade, lots: int) -> tuple[str, ...] | None:
    if form not in CALLS or dice.random() < 0.3:
        return None  # the key is missing
    likely = {"85": 0.2, "80": 0.12, "92": 0.1, "90": 0.15, "77": 0.2, "98": 0.15, "55": 0.1}.get(trade.code[:2], 0.01)
    if dice.random() > likely:
        return ("none",) * lots
    kind = "res-pub-ser" if trade.code[:2] in ("85", "80", "92") and dice.random() < 0.4 else "res-ws"
    whole = dice.random() < 0.6
    return tuple(kind if whole or lot == 0 else "none" for lot in range(lots))
