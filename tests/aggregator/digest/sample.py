"""One fixed week of an invented cooperative, with an item for everything a letter can say."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from aggregator.digest.choose import Chosen, closing_soon
from aggregator.digest.digest import WEEKLY, Digest
from aggregator.matching.verdict import Reason
from aggregator.store.opportunity import Change, Opportunity, Provenance, Sector, ShownBy
from config.settings import Settings
from connectors.base.contract import Body, Deadline, Link, Money, Reservation, Title

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TED = ShownBy(show="full", attribution="© European Union, TED, CC BY 4.0", basis="CC BY 4.0")


@dataclass(frozen=True)
class SourceLine:
    name: str
    title: str
    last_good: datetime | None
    enabled: bool = True


SOURCES = (
    SourceLine("ted-cleaning", "TED: cleaning and green care", datetime(2026, 11, 23, 5, tzinfo=UTC)),
    SourceLine("ted-reserved", "TED: reserved contracts", datetime(2026, 11, 23, 5, tzinfo=UTC)),
    SourceLine("nordic-grants", "Nordic Grants", datetime(2026, 11, 12, 5, tzinfo=UTC)),
    SourceLine("partners", "Partner Exchange", datetime(2026, 11, 22, 5, tzinfo=UTC)),
    SourceLine("town-news", "Town News", None),
    SourceLine("old", "Switched off", None, enabled=False),
)


def settings(home: Path, **given: object) -> Settings:
    return Settings.model_validate(
        {
            "home": home,
            "public_url": "https://board.example.org",
            "mail_from": "letters@mail.example.org",
            "mail_reply_to": "office@example.org",
            "office": "Federazione Esempio",
            **given,
        }
    )


def tender(id: int, **given: object) -> Opportunity:
    """A French cleaning tender; name what differs."""
    source = str(given.pop("source", "ted-cleaning"))
    return Opportunity.model_validate(
        {
            "id": id,
            "kind": "tender",
            "titles": {"fr": Title(text="Nettoyage des locaux du lycée Les Acacias")},
            "url": f"https://platform.example.org/notice/{id}",
            "lang": "fr",
            "deadlines": (Deadline(on=date(2027, 1, 12), at="12:00", zone="Europe/Paris"),),
            "zone": "Europe/Brussels",
            "countries": ("FR",),
            "codes": ("cpv:90910000",),
            "sectors": (Sector(id="facility_cleaning", because="cpv:90910000"),),
            "notices": (
                Provenance(source=source, source_id=str(id), url=f"https://platform.example.org/{id}", fetched_at=NOW),
            ),
            "rights": TED,
            "first_seen": NOW,
            "changed_at": NOW,
            **given,
        }
    )


SECTOR = Reason(kind="sector", profile="facility_cleaning", item="cpv:90910000", field="codes", weight=0.6)
COUNTRY = Reason(kind="country", profile="*", item="FR", field="countries", weight=0.1)
GROUND = Reason(kind="programme", profile="SOCIAL", item="programme:SOCIAL", field="codes", weight=0.6)
FOOD = Reason(kind="sector", profile="food_processing", item="een-market:07003001", field="codes", weight=0.6)
CHEESE = Reason(kind="keyword", profile="cheese", item="cheese", field="title", weight=0.4, lang="en")
ENERGY = Reason(kind="keyword", profile="energy", item="Energieprojekte", field="title", weight=0.4, lang="de")
CO_OPS = Reason(kind="keyword", profile="social_care", item="Sozialgenossenschaften", field="title", weight=0.4)
WORD = Reason(kind="keyword", profile="pulizia", item="nettoyage", field="title", weight=0.4, lang="fr")
RESERVED = Reason(kind="reservation", profile="social_b", item="res-ws:LOT-0002", field="reserved", weight=0.5)

_SEVEN = (
    (
        "closing",
        tender(
            101,
            titles={
                "fr": Title(text="Nettoyage des écoles et de la médiathèque de Saint-Exemple"),
                "it": Title(text="Francia – Servizi di pulizia – Saint-Exemple"),
            },
            deadlines=(Deadline(on=date(2026, 11, 27), at="12:00", zone="Europe/Paris"),),
            organisation=Body(name="Commune de Saint-Exemple", country="FR"),
            budget=Money(total=Decimal("120000"), currency="EUR", raw="120 000 EUR"),
            offer_languages=("fr",),
            reserved=(Reservation(type="res-ws", lots=("LOT-0002",)),),
            links=(Link(url="https://platform.example.org/it/notice/101", lang="it"),),
        ),
        (SECTOR, RESERVED, WORD, COUNTRY),
    ),
    (
        "closing",
        tender(
            102,
            source="nordic-grants",
            kind="grant_call",
            titles={"sv": Title(text="Stöd till sociala företag som delar arbetsmetoder över gränserna")},
            lang="sv",
            countries=("SE", "FI", "DK", "NO"),
            deadlines=(Deadline(on=date(2026, 12, 4), zone="Europe/Helsinki"),),
            budget=Money(max=Decimal("2500000"), currency="SEK", raw="högst 2,5 mkr"),
            grant=Money(min=Decimal("100000"), max=Decimal("400000"), currency="SEK", raw="100-400 tkr"),
            codes=("programme:SOCIAL",),
            sectors=(Sector(id="democracy_social_economy", because="programme:SOCIAL"),),
            rights=ShownBy(),
        ),
        (GROUND,),
    ),
    (
        "new",
        tender(103, reserved=(Reservation(type="res-pub-ser"),), offer_languages=("fr", "en"), source="ted-reserved"),
        (SECTOR, COUNTRY),
    ),
    (
        "new",
        tender(
            104,
            source="partners",
            kind="business_request",
            titles={"en": Title(text="Dutch wholesaler of organic food seeks makers of aged cheese")},
            lang="en",
            summary="A family wholesaler near Utrecht supplies 140 shops and looks for cooperatives that can deliver "
            "wheels of aged cheese with a designation of origin, in pallets, every second week.",
            countries=("NL",),
            codes=("een-market:07003001",),
            sectors=(Sector(id="food_processing", because="een-market:07003001"),),
            deadlines=(Deadline(on=date(2027, 7, 20), kind="validity"),),
            rights=ShownBy(attribution="Partner Exchange"),
        ),
        (FOOD, CHEESE),
    ),
    (
        "new",
        tender(
            105,
            source="partners",
            kind="grant_call",
            titles={"de": Title(text="Förderung gemeinschaftlicher Energieprojekte")},
            lang="de",
            countries=("DE",),
            codes=(),
            sectors=(Sector(id="energy", because="programme:LIFE"),),
            deadlines=(Deadline(certainty="until_funds"),),
        ),
        (ENERGY,),
    ),
    (
        "new",
        tender(
            106,
            source="town-news",
            kind="news",
            titles={"und": Title(text="Neues Netzwerk für Sozialgenossenschaften")},
            lang=None,
            countries=(),
            codes=(),
            sectors=(),
            deadlines=(),
            rights=ShownBy(),
        ),
        (CO_OPS,),
    ),
    (
        "maybe",
        tender(107, source="town-news", kind="event", titles={"en": Title(text="Care work fair")}, lang="en"),
        (),
    ),
)
MOVED = Change(field="deadline", before="2027-01-10T12:00", after="2027-01-24T12:00", at=NOW)


def digest(language: str = "it", **given: object) -> Digest:
    items = [
        Chosen(item=item, section=section, reasons=reasons, closing=closing_soon(item, NOW))  # type: ignore[arg-type]
        for section, item, reasons in _SEVEN
    ]
    moved = tender(
        108,
        titles={
            "de": Title(text="Unterhaltsreinigung der Bezirksverwaltung Musterfelden"),
            "en": Title(text="Germany – Cleaning services – Bezirksverwaltung Musterfelden"),
        },
        lang="de",
        countries=("DE",),
        deadlines=(Deadline(on=date(2027, 1, 24), at="12:00", zone="Europe/Berlin"),),
    )
    items.insert(2, Chosen(item=moved, section="changed", reasons=(SECTOR,), changes=(MOVED,)))
    plain = {
        "member_id": "coop-esempio",
        "member_name": "Cooperativa Esempio",
        "language": language,
        "reads": (language,),
        "period": "2026-W48",
        "kind": WEEKLY,
        "made_at": NOW,
        "zone": "Europe/Rome",
        "items": tuple(items),
        "more": 12,
        "rest": "kind=tender&sector=facility_cleaning&sort=newest",
        "sources": SOURCES,
    }
    return Digest(**{**plain, **given})  # type: ignore[arg-type]
