"""The one rule: real look-alikes that must stay two, and real copies that must become one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.store import sameness
from aggregator.store.sameness import Facts, same
from connectors.base.contract import Body, Deadline, Money, Programme, Title
from tests.aggregator.store.sample import draft

DAY = date(2026, 12, 12)
CLEANING = "Servizio di pulizia e sanificazione degli edifici scolastici comunali del capoluogo"
BUYER = Body(name="Comune di Bergamo", country="IT")


def eur(total: int | str) -> Money:
    return Money(total=Decimal(total), currency="EUR", raw=str(total))


def due(day: date = DAY, **given: Any) -> tuple[Deadline, ...]:
    return (Deadline(on=day, **given),)


def notice(title: str = CLEANING, *, source: str = "one", lang: str = "it", **given: Any) -> Facts:
    """A tender with everything stated; `given` overrides, and None takes away."""
    facts: dict[str, Any] = {
        "titles": {lang: Title(text=title)},
        "lang": lang,
        "deadlines": due(),
        "countries": ("IT",),
        "origin_country": "IT",
        "codes": ("cpv:90911200",),
        "budget": eur(240_000),
        "organisation": BUYER,
        "published_at": date(2026, 11, 20),
    } | given
    empty = {"deadlines": (), "codes": (), "countries": (), "regions": ()}
    stated = {key: empty.get(key) if value is None else value for key, value in facts.items()}
    return Facts.of(draft("A" if source == "one" else "B", source=source, **stated).opportunity)


def other(title: str = CLEANING, **given: Any) -> Facts:
    return notice(title, source="two", **given)


def merged(a: Facts, b: Facts, *, likeness: float = 0.9) -> str | None:
    """The verdict, which does not hang on the order."""
    there, back = same(a, b, likeness=likeness), same(b, a, likeness=likeness)
    assert (there is None) == (back is None)
    return there


def test_a_reason_is_said_in_words_that_a_person_reads() -> None:
    assert merged(notice(), other(), likeness=0.1) == (
        "same title, same deadline 2026-12-12, same buyer, same money 240,000 EUR, same code cpv:90911200, same country IT"
    )


# Real copies.


@pytest.mark.parametrize(
    "title",
    [
        CLEANING.upper(),
        f"Ref. 2026/114 - {CLEANING}",
        f"CIG B1234567C8 – {CLEANING}",
        f"{CLEANING} - Lotto 2",
        f"[Gara europea a procedura aperta] {CLEANING}.",
        f"{CLEANING} | Portale degli acquisti di Lombardia",
        "Servizio di pulizia e sanificazione degli edifici scolastici comunali…",
        "Serv. di pulizia e sanif. degli edifici scolastici comunali del capoluogo",
        "Servizio di pulizia e sanificazzione degli edifici scolastici comunali del capoluogo",
        "Edifici scolastici comunali del capoluogo: servizio di pulizia e sanificazione",
        f"«{CLEANING}»",
        f"Italia – Servizi di pulizia di scuole – {CLEANING}",
    ],
)
def test_a_portal_and_ted_tell_one_tender_under_their_own_form_of_its_title(title: str) -> None:
    assert merged(notice(), other(title, budget=None))


def test_a_notice_on_ted_with_its_title_in_all_languages_is_met_in_its_own() -> None:
    labels = {
        "it": "Servizi di pulizia",
        "en": "Cleaning services",
        "de": "Reinigungsdienste",
        "fr": "Services de nettoyage",
    }
    titles = {lang: Title(text=f"Italia – {label} – {CLEANING}") for lang, label in labels.items()}
    assert merged(notice(titles=titles), other())


@pytest.mark.parametrize(
    "lost",
    [
        {"budget": None},
        {"codes": ("cpv:90000000",)},
        {"deadlines": due(date(2026, 12, 13), at="00:30", zone="Europe/Helsinki")},
        {"deadlines": due(date(2026, 12, 11), at="22:59", zone="UTC")},
        {"organisation": None},
        {"organisation": Body(name="Comune di Bergamo - Area servizi generali")},
        {"organisation": Body(name="COMUNE DI BERGAMO")},
        {"countries": None, "origin_country": None},
        {"budget": Money(max=Decimal(240_000), raw="fino a 240.000 euro")},
        {"budget": eur("239999.50")},
        {"budget": Money(total=Decimal(258_000), currency="USD", raw="258,000 USD")},
        {"published_at": None},
        {"budget": None, "codes": None},
    ],
)
def test_what_one_platform_leaves_out_or_rounds_parts_nothing(lost: dict[str, Any]) -> None:
    assert merged(notice(), other(**lost))


def test_an_amount_that_was_rounded_is_no_other_amount() -> None:
    assert merged(notice(budget=eur(1_234_567)), other(budget=eur(1_200_000)))
    assert not merged(notice(budget=eur(1_234_567)), other(budget=eur(1_300_000)))


def test_a_tender_of_an_agency_stands_on_the_portal_of_the_commission_and_on_ted() -> None:
    title = "Provision of catering and conference services for the European Training Foundation in Turin"
    buyer = Body(name="European Training Foundation")
    portal = notice(
        title,
        lang="en",
        organisation=buyer,
        budget=None,
        codes=("cpv:55520000", "programme:31061266"),
        countries=None,
        origin_country=None,
    )
    ted = other(
        f"Italy – Catering services – {title}",
        lang="en",
        organisation=buyer,
        budget=eur(900_000),
        codes=("cpv:55520000",),
    )
    assert merged(portal, ted)


def partner(title: str, lang: str, source: str, **given: Any) -> Facts:
    facts: dict[str, Any] = {
        "kind": "rd_partner_search",
        "codes": ("een-tech:08002004", "een-tech:08001001"),
        "countries": None,
        "origin_country": "TR",
        "organisation": None,
        "budget": eur(455_000),
    }
    return notice(title, lang=lang, source=source, **(facts | given))


ENGLISH = "Turkish dairy cooperative seeks partners for a project on whey proteins"
ITALIAN = "Cooperativa casearia turca cerca partner per un progetto sulle proteine del siero"


def test_a_translated_profile_of_the_network_is_known_by_equal_facts_alone() -> None:
    told = {"codes": ("cpv:73110000",)}
    assert merged(partner(ENGLISH, "en", "one", **told), partner(ITALIAN, "it", "two", **told), likeness=0.0) == (
        "title in another language, same deadline 2026-12-12, same money 455,000 EUR, same code cpv:73110000, same country TR"
    )


@pytest.mark.parametrize(
    "lost",
    [
        {"budget": None},
        {"deadlines": due(date(2026, 12, 13))},
        {"deadlines": None},
        {"codes": ("cpv:73000000",)},
        {"origin_country": None},
        {"origin_country": "RO"},
    ],
)
def test_a_translation_that_lacks_one_equal_fact_stays_alone(lost: dict[str, Any]) -> None:
    told = {"codes": ("cpv:73110000",)}
    assert not merged(
        partner(ENGLISH, "en", "one", **told), partner(ITALIAN, "it", "two", **(told | lost)), likeness=1.0
    )


def test_titles_that_differ_in_one_language_are_no_translation() -> None:
    assert not merged(
        notice(), other("Manutenzione ordinaria degli ascensori negli uffici della provincia"), likeness=1.0
    )


# Real look-alikes.

SIBLINGS: dict[str, tuple[Facts, Facts]] = {
    "two lots of one buyer": (notice(f"{CLEANING} - Lotto 1"), other(f"{CLEANING} - Lotto 2")),
    "two lots by letter": (notice(f"{CLEANING} – Lot A"), other(f"{CLEANING} – Lot B")),
    "two lots that are named": (
        notice(f"{CLEANING}, zona nord"),
        other(f"{CLEANING}, zona sud"),
    ),
    "the same call in another year": (
        notice("Bando voucher digitalizzazione micro piccole medie imprese lombarde 2026", kind="grant_call"),
        other("Bando voucher digitalizzazione micro piccole medie imprese lombarde 2027", kind="grant_call"),
    ),
    "the same call in another round": (
        notice("Bando voucher digitalizzazione micro piccole medie imprese lombarde II edizione", kind="grant_call"),
        other("Bando voucher digitalizzazione micro piccole medie imprese lombarde III edizione", kind="grant_call"),
    ),
    "a round without a day": (
        notice(
            "Bando voucher digitalizzazione micro piccole medie imprese", deadlines=None, published_at=date(2025, 11, 1)
        ),
        other("Bando voucher digitalizzazione micro piccole medie imprese", deadlines=None),
    ),
    "the next window of one call": (notice(), other(deadlines=due(date(2026, 12, 28)))),
    "two towns with one generic title": (notice(), other(organisation=Body(name="Comune di Brescia"))),
    "two towns of which one is not named": (
        notice("Servizio di refezione scolastica", codes=("cpv:55524000",), budget=None),
        other("Servizio di refezione scolastica", codes=("cpv:55524000",), organisation=None, budget=None),
    ),
    "two towns whose names are spelt alike": (
        notice("Trasporto scolastico comune di Monza", organisation=None, budget=None),
        other("Trasporto scolastico comune di Ponza", organisation=None, budget=None),
    ),
    "regional windows of one national call": (
        notice(
            "Sostegno alle cooperative sociali agricole: sportello regionale", kind="incentive", regions=("nuts:ITF4",)
        ),
        other(
            "Sostegno alle cooperative sociali agricole: sportello regionale", kind="incentive", regions=("nuts:ITG1",)
        ),
    ),
    "regional windows by name": (
        notice(
            "Sostegno alle cooperative sociali agricole e alla filiera corta - Puglia", kind="incentive", codes=None
        ),
        other(
            "Sostegno alle cooperative sociali agricole e alla filiera corta - Sicilia", kind="incentive", codes=None
        ),
    ),
    "cascade calls of one programme": (
        notice(
            "NGI Search - 1st Open Call for innovators and researchers", lang="en", kind="cascade_funding", codes=None
        ),
        other(
            "NGI Search - 2nd Open Call for innovators and researchers", lang="en", kind="cascade_funding", codes=None
        ),
    ),
    "topics of one work programme": (
        notice("HORIZON-CL2-2027-01-DEMOCRACY-03: Fostering democratic participation", lang="en", kind="grant_call"),
        other("HORIZON-CL2-2027-01-DEMOCRACY-04: Fostering democratic participation", lang="en", kind="grant_call"),
    ),
    "an offer and a request of one company": (
        partner("Dairy cooperative and distributors of whey proteins in Italy", "en", "one", kind="business_offer"),
        partner("Dairy cooperative and distributors of whey proteins in Italy", "en", "two", kind="business_request"),
    ),
    "two profiles of one company": (
        partner("Turkish cooperative offers organic dried figs to wholesalers", "en", "one", budget=None),
        partner("Turkish cooperative offers organic hazelnut paste to wholesalers", "en", "two", budget=None),
    ),
    "two purchases of one hospital on one day": (
        notice("Fornitura di farmaci antitumorali per gli ospedali della provincia di Bergamo", budget=None),
        other("Fornitura di farmaci antivirali per gli ospedali della provincia di Bergamo", budget=None),
    ),
    "a part and the whole, of which no amount is stated": (
        notice("Fornitura di farmaci per gli ospedali e gli ambulatori della provincia di Bergamo", budget=None),
        other(
            "Fornitura di farmaci antivirali per gli ospedali e gli ambulatori della provincia di Bergamo", budget=None
        ),
    ),
    "three buses and four": (
        notice("Acquisto di 3 autobus elettrici per il trasporto scolastico urbano", budget=None),
        other("Acquisto di 4 autobus elettrici per il trasporto scolastico urbano", budget=None),
    ),
    "another amount": (notice(), other(budget=eur(310_000))),
    "another country": (notice(), other(countries=("CH",), origin_country="CH", organisation=None)),
    "another trade": (notice(), other(codes=("cpv:45000000",))),
    "two references of one platform": (notice(f"CIG B1234567C8 {CLEANING}"), other(f"CIG B7654321D1 {CLEANING}")),
    "two programmes": (
        notice(kind="grant_call", programme=Programme(code="43251589"), codes=None),
        other(kind="grant_call", programme=Programme(code="43108390"), codes=None),
    ),
    "a tender and a piece of news about it": (notice(), other(kind="news")),
}


@pytest.mark.parametrize("name", SIBLINGS)
def test_what_only_looks_alike_stays_two(name: str) -> None:
    one, two = SIBLINGS[name]
    assert merged(one, two, likeness=1.0) is None


def test_two_notices_of_one_source_are_never_one() -> None:
    assert merged(notice(), notice()) is None
    assert sameness.contradiction(notice(), notice()) == "one source says nothing twice"


def test_likeness_of_texts_alone_joins_nothing() -> None:
    stated = ("deadlines", "codes", "countries", "origin_country", "budget", "organisation")
    bare: dict[str, Any] = dict.fromkeys(stated)
    assert merged(notice(**bare), other(**bare), likeness=1.0) is None
    assert merged(notice(**bare, kind="grant_call"), other(**bare, kind="grant_call"), likeness=1.0) is None


def test_a_title_of_two_words_needs_every_fact() -> None:
    assert merged(notice("Servizio di pulizia"), other("Pulizia"))
    assert not merged(notice("Servizio di pulizia"), other("Pulizia", budget=None))


def story(title: str = "Cooperatives of the Alps meet in Trento to talk about energy", **given: Any) -> dict[str, Any]:
    facts = {"kind": "news", "deadlines": None, "codes": None, "budget": None, "organisation": None}
    return {"title": title, "lang": "en", "countries": None, "origin_country": None} | facts | given


def test_news_told_by_two_feeds_within_days_is_one() -> None:
    again = story(published_at=datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
    assert merged(notice(**story()), other(**again), likeness=0.9)
    assert merged(notice(**story(organisation=BUYER)), other(**story(organisation=BUYER)), likeness=0.1)


def test_a_vacancy_is_told_twice_only_by_one_employer_in_one_text() -> None:
    seat = story("Operatrice sociale presso la cooperativa di Trento a tempo pieno", kind="vacancy", organisation=BUYER)
    assert merged(notice(**seat), other(**seat), likeness=0.9)
    assert not merged(notice(**seat), other(**seat), likeness=0.5)
    assert not merged(notice(**seat), other(**(seat | {"organisation": None})), likeness=0.9)


@pytest.mark.parametrize(
    ("changed", "likeness"),
    [
        ({}, 0.4),
        ({"published_at": date(2026, 11, 16)}, 1.0),
        ({"published_at": None}, 1.0),
        ({"title": "Cooperatives of the Alps meet in Bolzano to talk about energy"}, 1.0),
        ({"kind": "event"}, 1.0),
    ],
)
def test_news_that_came_later_or_reads_otherwise_stays_two(changed: dict[str, Any], likeness: float) -> None:
    assert merged(notice(**story()), other(**story(**changed)), likeness=likeness) is None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*CLEANING.split(), "2026", "Lotto", "1", "II", "nord", "…", "-", "ß", "№"]), min_size=1),
    st.lists(
        st.sampled_from([*CLEANING.split(), "2027", "Lotto", "2", "III", "sud", "...", "|", "İ", "ﬁ"]), min_size=1
    ),
    st.floats(0, 1),
)
def test_the_verdict_does_not_hang_on_the_order_of_the_two(one: list[str], two: list[str], likeness: float) -> None:
    merged(notice(f"Gara {' '.join(one)}"), other(f"Gara {' '.join(two)}"), likeness=likeness)
