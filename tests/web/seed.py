"""A small board for the tests of web: invented notices of every sort, put into a real store.

The one thing to know: everything is dated from `NOW`, and the tests freeze the clock there.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from aggregator.intake.tables import sources, visits
from aggregator.store import put as storing
from aggregator.store.opportunity import Opportunity, Provenance, Sector, ShownBy
from aggregator.store.session import Store
from aggregator.store.tables import stamp
from connectors.base.contract import Deadline, Notice, Title

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FULL = {"show": "full", "attribution": "TED, © European Union, 1998-2026", "basis": "Commission Decision 2011/833/EU"}
ABRIDGED = {"show": "summary", "attribution": "Rete di prova", "basis": "not known"}

SOURCES: tuple[tuple[str, str, str | None, str | None], ...] = (
    ("ted-cleaning", "TED: cleaning and green care", "ok", "2026-11-23T07:30:00Z"),
    ("ted-reserved", "TED: reserved contracts", "same", "2026-11-23T08:58:00Z"),
    ("news-coop", "Notizie delle cooperative", "transient", "2026-11-20T06:00:00Z"),
    ("grants-north", "Northern grants", "blocked", None),
    ("fund-watch", "Fund watch", None, None),
)

PARAGRAPHS = (
    "<h3>Objet du marché</h3><p>Nettoyage quotidien des <strong>bâtiments administratifs</strong> et des écoles, avec"
    " des produits écologiques et des clauses d'insertion.</p><ul><li>Lot 1: mairie et annexes</li><li>Lot 2: écoles"
    " élémentaires</li></ul><p>Durée: 36 mois. <a href='https://buyer.example.org/annexes'>Annexes techniques</a></p>"
)


def opportunity(**facts: Any) -> Opportunity:
    """One opportunity with everything that must be there; `facts` say the rest."""
    source = facts.pop("source", "ted-cleaning")
    source_id = facts.pop("source_id", "100001-2026")
    usual: dict[str, Any] = {
        "id": 0,
        "kind": "tender",
        "titles": {"it": Title(text="Francia: Servizi di pulizia")},
        "url": f"https://notices.example.org/en/notice/{source_id}",
        "notices": [
            Provenance(
                source=source,
                source_id=source_id,
                url=f"https://notices.example.org/en/notice/{source_id}",
                fetched_at=NOW - timedelta(hours=2),
            )
        ],
        "rights": ShownBy(**FULL),
        "first_seen": NOW - timedelta(days=2),
        "changed_at": NOW - timedelta(days=2),
    }
    return Opportunity.model_validate(usual | facts)


def put(store: Store, *items: Opportunity, now: datetime = NOW) -> list[Opportunity]:
    """Write the opportunities as a visit would; a source_id that is there already is changed."""
    written: list[Opportunity] = []
    with store.write() as connection:
        for item in items:
            origin = item.notices[0]
            notice = Notice(source_id=origin.source_id, url=item.url, titles=item.titles, kind=item.kind)
            words = " ".join(title.text for title in item.titles.values())
            draft = storing.Draft(
                notice=notice,
                hash=str(hash(item.model_dump_json())),
                opportunity=item,
                title_text=words,
                text=f"{item.summary or ''} {item.organisation.name if item.organisation else ''}",
            )
            held = storing.known(connection, origin.source)
            done = storing.put(connection, [draft], source=origin.source, held=held, now=now)
            written += done.new + done.changed
    return written


def add_sources(store: Store) -> None:
    with store.write() as connection:
        for name, title, visit, good in SOURCES:
            row = {"name": name, "connector": "feed", "title": title, "params": "{}", "enabled": True}
            confirmed = "2026-11-02" if name == "news-coop" else None
            connection.execute(
                sa.insert(sources).values(**row, added_at=stamp(NOW - timedelta(days=9)), confirmed_live=confirmed)
            )
            if good:
                _visit(connection, name, "ok", good)
            if visit and visit != "ok":
                _visit(connection, name, visit, stamp(NOW - timedelta(minutes=32)))


def _visit(connection: sa.Connection, source: str, outcome: str, ended: str) -> None:
    values = {"source": source, "mode": "recent", "started_at": ended, "ended_at": ended, "class": outcome}
    connection.execute(sa.insert(visits).values(**values))


def day(days: int) -> date:
    return (NOW + timedelta(days=days)).date()


def samples() -> list[Opportunity]:
    """Invented opportunities that show every face of a row and of a page."""
    return [
        opportunity(
            source_id="100001-2026",
            titles={
                "it": Title(
                    text="Francia – Servizi di pulizia di uffici – Nettoyage des bâtiments communaux et des écoles"
                ),
                "fr": Title(
                    text="France – Services de nettoyage de bureaux – Nettoyage des bâtiments communaux et des écoles"
                ),
                "en": Title(text="France – Office cleaning services – Nettoyage des bâtiments communaux et des écoles"),
            },
            summary="Nettoyage quotidien des bâtiments administratifs et des écoles, avec clauses d'insertion.",
            body=PARAGRAPHS,
            lang="fr",
            published_at=day(-3),
            deadlines=[
                Deadline(on=day(2), at="12:00", zone="Europe/Paris"),
                Deadline(on=day(1), at="17:00", zone="Europe/Paris", kind="registration", label="Visite des lieux"),
            ],
            zone="Europe/Brussels",
            countries=["FR"],
            origin_country="FR",
            regions=["nuts:FRK26"],
            codes=["cpv:90919200", "cpv:90911200"],
            sectors=[Sector(id="facility_cleaning", because="cpv:90919200")],
            budget={"total": "1250000", "currency": "EUR", "raw": "1250000 EUR"},
            organisation={"name": "Ville de Valdorée", "country": "FR", "url": "https://valdoree.example.org"},
            reserved=[{"type": "res-ws", "lots": ["LOT-0002"]}],
            offer_languages=["fr"],
            eligibility={"verdict": "restricted", "text": "Marché réservé pour le lot 2 aux entreprises adaptées."},
            documents=[{"url": "https://buyer.example.org/dce.pdf", "title": "Dossier de consultation", "lang": "fr"}],
            links=[{"url": "https://notices.example.org/it/notice/100001-2026", "lang": "it"}],
            contact={"url": "https://buyer.example.org/questions"},
        ),
        opportunity(
            source_id="100002-2026",
            titles={"de": Title(text="Österreich – Landschaftsgärtnerische Arbeiten – Grünflächenpflege Los Süd")},
            lang="de",
            summary="Pflege von Grünflächen, Hecken und Baumscheiben im südlichen Stadtgebiet für drei Jahre.",
            published_at=day(-1),
            deadlines=[Deadline(on=day(9), at="10:00", zone="Europe/Vienna")],
            countries=["AT"],
            origin_country="AT",
            codes=["cpv:77310000"],
            budget={"min": "180000", "max": "240000", "currency": "EUR", "raw": "180.000-240.000"},
            organisation={"name": "Stadt Musterbach"},
        ),
        opportunity(
            source="ted-reserved",
            source_id="100003-2026",
            titles={
                "it": Title(text="Finlandia – Servizi di mensa – Ateria- ja catering-palvelut päiväkodeille"),
                "fi": Title(text="Suomi – Ruokalapalvelut – Ateria- ja catering-palvelut päiväkodeille"),
            },
            published_at=day(-5),
            deadlines=[Deadline(on=day(13), at="15:00", zone="Europe/Helsinki")],
            countries=["FI"],
            origin_country="FI",
            codes=["cpv:55512000"],
            reserved=[{"type": "res-pub-ser"}],
            offer_languages=["fi", "sv"],
            organisation={"name": "Kuvitteellinen kunta"},
        ),
        opportunity(
            source="grants-north",
            source_id="NG-2027-14",
            kind="grant_call",
            titles={"en": Title(text="Social economy partnerships for green skills")},
            summary="Funding for consortia of at least three organisations from different countries.",
            lang="en",
            published_at=day(-20),
            deadlines=[Deadline(on=day(58), zone="Europe/Brussels")],
            countries=["*"],
            grant={"max": "300000", "currency": "EUR", "raw": "up to EUR 300 000"},
            programme={"code": "NGS", "name": "Northern Green Skills"},
            eligibility={"verdict": "open"},
            rights=ShownBy(**ABRIDGED),
        ),
        opportunity(
            source="grants-north",
            source_id="NG-2027-20",
            kind="cascade_funding",
            titles={"en": Title(text="Vouchers for digital tools in small cooperatives")},
            deadlines=[Deadline(certainty="until_funds")],
            countries=["NL", "BE", "DE", "DK"],
            grant={"total": "5000", "currency": "EUR", "raw": "EUR 5,000"},
        ),
        opportunity(
            source="news-coop",
            source_id="https://news.example.org/1",
            kind="business_request",
            titles={"en": Title(text="Dutch wholesaler looks for organic cheese from mountain cooperatives")},
            summary="A wholesaler supplying 200 shops looks for long-term suppliers of organic hard cheese.",
            lang="en",
            origin_country="NL",
            published_at=day(-6),
            sectors=[Sector(id="livestock_dairy", because="cpv:15500000")],
            rights=ShownBy(**ABRIDGED),
        ),
        opportunity(
            source="news-coop",
            source_id="https://news.example.org/2",
            kind="event",
            titles={"it": Title(text="Incontri d'affari per cooperative agricole a Lione")},
            deadlines=[Deadline(on=day(0), at="18:00", zone="Europe/Rome", kind="registration")],
            countries=["FR"],
            published_at=day(-30),
        ),
        opportunity(
            source_id="100008-2026",
            titles={
                "it": Title(
                    text="Spagna – Servizi di assistenza domiciliare – Atención domiciliaria a personas mayores"
                )
            },
            published_at=day(-2),
            announced=True,
            countries=["ES"],
            origin_country="ES",
        ),
        opportunity(
            source_id="100009-2026",
            titles={"it": Title(text="Belgio – Servizi di raccolta rifiuti – Collecte des encombrants")},
            published_at=day(-60),
            first_seen=NOW - timedelta(days=60),
            deadlines=[Deadline(on=day(-4), at="11:00", zone="Europe/Brussels")],
            countries=["BE"],
            origin_country="BE",
        ),
        opportunity(
            source="news-coop",
            source_id="mail-1",
            titles={"it": Title(text="Solo per i soci: ricerca di partner riservata")},
            rights=ShownBy(show="link", audience="members"),
        ),
        opportunity(
            source="fund-watch",
            source_id="rolling-1",
            kind="incentive",
            titles={"fr": Title(text="Aide à l'export pour les coopératives de production")},
            deadlines=[Deadline(certainty="continuous")],
            countries=["FR"],
        ),
    ]


def fill(store: Store) -> list[Opportunity]:
    add_sources(store)
    return put(store, *samples())
