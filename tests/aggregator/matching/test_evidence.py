"""Positive evidence: what is sent, in which tier, and why."""

from typing import Any

import pytest

from aggregator.matching.engine import Reason
from tests.aggregator.matching.items import ask, item, kinds

CLEANING = {"id": "facility_cleaning", "because": "cpv:90910000"}


def reason(of: tuple[Reason, ...], kind: str) -> Reason:
    return next(r for r in of if r.kind == kind)


@pytest.mark.parametrize(
    ("wanted", "given", "met"),
    [
        ("cpv:90910000", "cpv:90919200", True),
        ("cpv:9091", "cpv:90919200", True),
        ("cpv:90919200-4", "cpv:90919200", True),
        ("cpv:90000000", "cpv:90919200", True),
        ("cpv:30000000", "cpv:31000000", False),
        ("cpv:90919200", "cpv:90910000", False),
        ("ateco:81.21.00", "nace:81.21", True),
        ("nace:81", "nace:81.21", True),
        ("ateco:N81.21", "nace:81.2", False),
        ("een-tech:10003", "een-tech:10003004", True),
        ("een-tech:10003", "een-market:10003004", False),
        ("naics:5617", "naics:561720", True),
    ],
)
def test_a_code_meets_all_below_it_and_nothing_above(wanted: str, given: str, met: bool) -> None:
    verdict = ask(item("X", codes=[given]), codes=[wanted])
    assert verdict.sent is met
    if met:
        assert verdict.tier == "coded"
        assert reason(verdict.reasons, "code").item == given


def test_a_ticked_sector_is_met_by_the_code_that_put_the_item_there() -> None:
    verdict = ask(item("X", sectors=[CLEANING]), sectors=["facility_cleaning"])
    assert (verdict.sent, verdict.tier) == (True, "coded")
    assert reason(verdict.reasons, "sector").item == "cpv:90910000"


def test_an_activity_code_ticks_its_sectors() -> None:
    assert (
        reason(ask(item("X", sectors=[CLEANING]), codes=["ateco:81.21"]).reasons, "sector").profile
        == "facility_cleaning"
    )


def test_another_sector_is_not_sent() -> None:
    verdict = ask(item("X", sectors=[CLEANING]), sectors=["fisheries"])
    assert (verdict.sent, verdict.tier, verdict.excluded_by) == (False, "like", None)
    assert kinds(verdict) == {"country"}


@pytest.mark.parametrize(
    "programme", [{"code": "CERV"}, {"code": "43251589"}, {"code": "CERV-2027-EQUAL"}, {"code": "cerv"}]
)
def test_a_followed_programme_is_sent_even_when_only_announced(programme: dict[str, str]) -> None:
    call = item(
        "X", kind="grant_call", programme=programme, announced=True, deadlines=[], countries=["*"], origin_country=None
    )
    verdict = ask(call, programmes=["CERV"], sectors=["fisheries"])
    assert (verdict.sent, verdict.tier) == (True, "coded")
    assert reason(verdict.reasons, "programme").item == programme["code"]
    assert not ask(call, programmes=["LIFE"]).sent


def test_an_own_word_is_found_by_its_stem_in_the_language_of_the_text() -> None:
    verdict = ask(item("Fourniture de fromages affinés", lang="fr"), any=["Fromage"])
    found = reason(verdict.reasons, "keyword")
    assert (verdict.sent, verdict.tier) == (True, "text")
    assert (found.profile, found.item, found.field, found.lang) == ("Fromage", "fromages", "titles", "fr")


@pytest.mark.parametrize(
    ("word", "title", "lang"),
    [
        ("qualita", "Certificazione di qualità", "it"),
        ("CITY", "Smart cities", "en"),
        ("cities", "A smart city", "en"),
        ("Käse", "Lieferung von KÄSE", "de"),
        ("Kase", "Lieferung von Käse", "de"),
        ("strasse", "Reinigung der Straßen", "de"),
        ("économie circulaire", "Vers l'économie circulaire", "fr"),
        ("aceites de oliva", "Compra de aceite de oliva", "es"),
        ("sery", "Dostawa: sery", "pl"),
    ],
)
def test_case_accents_and_endings_do_not_hide_a_word(word: str, title: str, lang: str) -> None:
    assert ask(item(title, lang=lang), any=[word]).sent


@pytest.mark.parametrize(
    ("word", "title", "lang"),
    [
        ("armi", "Army barracks", "en"),
        ("arte", "Smart artefacts", "en"),
        ("formaggio", "Formalités", "fr"),
        ("-", "A - b", "en"),
    ],
)
def test_words_that_only_look_alike_are_not_found(word: str, title: str, lang: str) -> None:
    assert not ask(item(title, lang=lang), any=[word]).sent


def test_a_sector_s_word_in_the_title_crosses_languages() -> None:
    verdict = ask(item("Nettoyage des locaux", lang="fr"), sectors=["facility_cleaning"])
    found = reason(verdict.reasons, "keyword")
    assert (verdict.sent, verdict.tier) == (True, "text")
    assert (found.profile, found.item.lower(), found.lang) == ("facility_cleaning", "nettoyage", "fr")


@pytest.mark.parametrize(
    ("title", "lang", "sector"),
    [
        ("Como responder", "es", "catering"),
        ("Environ 40 lots", "fr", "environment_climate"),
        ("Uso público", "es", "media_communication"),
    ],
)
def test_a_small_word_with_the_stem_of_a_great_one_is_no_likeness(title: str, lang: str, sector: str) -> None:
    assert "keyword" not in kinds(ask(item(title, lang=lang), sectors=[sector]))


def test_one_stray_word_in_the_body_is_no_likeness() -> None:
    verdict = ask(
        item("Aufruf", lang="en", body="<p>Lunch is served after the cleaning.</p>"), sectors=["facility_cleaning"]
    )
    assert (verdict.sent, kinds(verdict)) == (False, {"keyword", "country"})


def test_a_word_does_not_outweigh_a_code_that_says_another_sector() -> None:
    title = "Nettoyage : papier et savon"
    assert ask(item(title), sectors=["facility_cleaning"]).sent
    coded = item(title, sectors=[{"id": "retail_consumer", "because": "cpv:33711900"}])
    assert not ask(coded, sectors=["facility_cleaning"]).sent


def test_of_the_free_text_two_words_with_one_in_the_title_suffice() -> None:
    wishes: dict[str, Any] = {"text": "Produciamo formaggi stagionati e cerchiamo distributori"}
    assert not ask(item("Formaggi", lang="it"), **wishes).sent
    assert ask(item("Formaggi stagionati", lang="it"), **wishes).sent
    assert ask(item("Formaggi", lang="it", summary="per un distributore"), **wishes).sent
    assert not ask(item("Avviso", lang="it", summary="formaggi e distributori"), **wishes).sent


def test_words_that_everybody_writes_count_for_nothing() -> None:
    text = "Cooperativa sociale che offre servizi e prodotti di qualità per le imprese e cerca partner in Europa"
    verdict = ask(item("Servizi e prodotti di qualità per cooperative sociali in Europa", lang="it"), text=text)
    assert "keyword" not in kinds(verdict)


def test_a_profile_that_asks_for_nothing_in_particular_is_served_by_kind_and_country() -> None:
    verdict = ask(item(), kinds=["tender"], countries=["FR"])
    assert (verdict.sent, verdict.tier) == (True, "coded")
    assert kinds(verdict) == {"kind", "country"}
    assert ask(item(), reserved_only=True).excluded_by == "reserved_only"


@pytest.mark.parametrize(("form", "told"), [("social_a", True), ("social_b", True), ("worker", False), (None, False)])
@pytest.mark.parametrize("type", ["res-ws", "res-pub-ser"])
def test_a_reservation_speaks_for_a_social_cooperative_and_is_no_reason_alone(
    form: str | None, told: bool, type: str
) -> None:
    who: dict[str, Any] = {"legal": {"form": form} if form else {}}
    reserved = [{"type": type, "lots": ["LOT-0002", "LOT-0004"]}]
    with_it = ask(item("X", sectors=[CLEANING], reserved=reserved), who=who, sectors=["facility_cleaning"])
    without = ask(item("X", sectors=[CLEANING]), who=who, sectors=["facility_cleaning"])
    assert ("reservation" in kinds(with_it)) is told
    assert (with_it.score > without.score) is told
    assert not ask(item("X", sectors=[CLEANING], reserved=reserved), who=who, sectors=["fisheries"]).sent
    if told:
        assert reason(with_it.reasons, "reservation").item == f"{type}:LOT-0002,LOT-0004"


def test_the_order_is_code_sector_word() -> None:
    code = ask(item("X", codes=["cpv:90910000"]), codes=["cpv:909"])
    sector = ask(item("X", sectors=[CLEANING]), sectors=["facility_cleaning"])
    word = ask(item("Nettoyage"), sectors=["facility_cleaning"])
    assert code.score > sector.score > word.score > 0.4


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Cooperative Agreement for river monitoring", False),
        ("Notice of COOPERATIVE AGREEMENTS with universities", False),
        ("Cooperative Ecosystem Studies Unit, Southern Rockies CESU", False),
        ("A cooperative research and development agreement on seeds", False),
        ("Advice for a cooperative of growers", True),
        ("Cooperative agreement to advise a rural cooperative", True),
        ("Agreement with a cooperative", True),
    ],
)
def test_a_cooperative_agreement_has_no_cooperative_in_it(title: str, found: bool) -> None:
    verdict = ask(item(title, lang="en", sectors=[CLEANING]), sectors=["facility_cleaning"], all=["cooperative"])
    assert verdict.excluded_by == (None if found else "all:cooperative")
