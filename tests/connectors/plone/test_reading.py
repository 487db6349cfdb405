"""What an item says, field by field, and what becomes of items that nobody should send."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.intake.reading import Rejected, readings
from connectors.base.contract import Gone, Notice, Page, ParseError, Seen, Skipped
from connectors.generic import plone
from connectors.generic.plone.search import search_address

SITE = "https://bandi.regione.example"
ITEM = {"@id": f"{SITE}/bandi/uno", "UID": "a1", "title": "Bando per le cooperative", "review_state": "published"}


def page(*items: Any, **more: Any) -> Page:
    body = json.dumps({"@id": f"{SITE}/@search", "items": items, "items_total": len(items)} | more).encode()
    params = plone.Params(url=SITE, lang="it", origin_country="IT")
    return Page(url=f"{SITE}/++api++/@search", body=body, fetched_at=datetime(2026, 6, 12, tzinfo=UTC), params=params)


def notice(**more: Any) -> Notice:
    (read,) = readings(plone, page(ITEM | more))
    assert isinstance(read, Notice)
    return read


@pytest.mark.parametrize(
    ("written", "on", "at"),
    [
        ("2026-12-12T22:59:00+00:00", "2026-12-12", "23:59"),  # winter
        ("2026-07-12T21:59:00+00:00", "2026-07-12", "23:59"),  # summer
        ("2026-07-12T21:59:00", "2026-07-12", "23:59"),  # without an offset it is UTC too
        ("2026-10-25T00:30:00+00:00", "2026-10-25", "02:30"),  # the hour that comes twice
        ("2026-12-31T23:00:00Z", "2027-01-01", "00:00"),
    ],
)
def test_a_deadline_stands_on_the_clock_of_rome(written: str, on: str, at: str) -> None:
    (deadline,) = notice(scadenza_bando=written).deadlines
    assert (str(deadline.on), deadline.at, deadline.zone) == (on, at, "Europe/Rome")


def test_cooperatives_among_the_addressees_are_said_in_words_and_as_a_code() -> None:
    eligibility = notice(destinatari=["Cooperative", {"token": "ets", "title": "Enti del Terzo settore"}]).eligibility
    assert eligibility
    assert eligibility.text == "Cooperative; Enti del Terzo settore"
    assert eligibility.codes == ("destinatari:Cooperative", "destinatari:Enti del Terzo settore")


def test_a_call_that_is_called_closed_keeps_no_day_to_wait_for() -> None:
    (late,) = notice(bando_state=["inProgress", "In corso"], scadenza_bando="2026-09-01T10:00:00+00:00").deadlines
    assert late.kind == "stage"
    assert notice(bando_state=["closed", "Chiuso"], description="Domande entro il 30/09/2026").deadlines == ()
    (past,) = notice(bando_state=["closed", "Chiuso"], scadenza_bando="2026-03-01T10:00:00+00:00").deadlines
    assert past.kind == "submission"


def test_without_a_deadline_of_its_own_the_text_is_asked() -> None:
    (found,) = notice(scadenza_bando=None, text={"data": "<p>Domande entro il 30/09/2026.</p>"}).deadlines
    assert str(found.on) == "2026-09-30"
    assert notice(scadenza_bando=None).deadlines == ()


def test_an_expression_of_interest_has_a_deadline_of_that_kind() -> None:
    told = {"tipologia_bando": "Manifestazioni di interesse", "scadenza_bando": "2026-09-01T10:00:00+00:00"}
    assert notice(**told).deadlines[0].kind == "eoi"


def test_F15_a_date_that_is_none_is_named_and_left_out() -> None:
    read = notice(scadenza_bando="2026-02-31T10:00:00", apertura_bando="presto", text={"data": "entro il 1/7/2026"})
    assert read.deadlines == ()
    assert read.opens_at is None
    assert read.extra["plone"]["unread"] == ["scadenza_bando: 2026-02-31T10:00:00", "apertura_bando: presto"]


def test_the_blocks_of_a_recent_site_are_read_in_their_order() -> None:
    blocks = {
        "b": {"@type": "slate", "plaintext": "Secondo <b>"},
        "a": {"@type": "slate", "plaintext": "Primo"},
        "c": 3,
    }
    read = notice(text=None, blocks=blocks, blocks_layout={"items": ["a", "b", "c", "lost", 7]})
    assert read.body == "<p>Primo</p><p>Secondo &lt;b&gt;</p>"


def test_what_is_not_published_is_left_out_by_name() -> None:
    (read,) = readings(plone, page(ITEM | {"review_state": "private"}))
    assert read == Skipped("review_state: private", "a1")


def test_persons_are_cut() -> None:
    read = notice(description="Referente: Ada Belmonte, tel. 051 5551234, ada.belmonte@posta.example")
    assert "Belmonte" not in read.model_dump_json()
    assert "5551234" not in read.model_dump_json()


def test_F23_one_item_that_is_none_takes_no_other_with_it() -> None:
    first, second, third = readings(plone, page(ITEM, "nonsense", {"title": "Senza identità"}))
    assert isinstance(first, Notice)
    assert isinstance(second, Rejected)
    assert isinstance(third, Rejected)


@pytest.mark.parametrize(
    ("url", "api", "address"),
    [
        (SITE, "++api++", f"{SITE}/++api++/@search"),
        (f"{SITE}/", "", f"{SITE}/@search"),
        (f"{SITE}/leggi/bandi/", "++api++", f"{SITE}/++api++/leggi/bandi/@search"),
    ],
)
def test_the_traverser_stands_behind_the_host_whatever_folder_is_searched(url: str, api: str, address: str) -> None:
    assert search_address(plone.Params(url=url, api=api)) == address


@pytest.mark.parametrize("told", [{"items": "none"}, {"items": [], "items_total": "many"}, {"items": None}])
def test_an_answer_that_is_no_list_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ParseError):
        list(plone.split(page() if not told else page(**told)))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
NAMES = (
    *("UID", "@id", "title", "description", "text", "blocks", "blocks_layout", "destinatari", "materie", "bando_state"),
    *("scadenza_bando", "apertura_bando", "effective", "modified", "tipologia_bando", "ente_bando", "language"),
)


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), values, max_size=10) | values, max_size=3))
def test_F23_whatever_an_item_holds_ends_as_a_reading(items: list[Any]) -> None:
    for read in readings(plone, page(*items)):
        assert isinstance(read, Notice | Seen | Skipped | Gone | Rejected)
        if isinstance(read, Rejected):
            assert "has neither UID nor @id" in read.reason, read.reason
