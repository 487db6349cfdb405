"""What a reader of one opportunity learns of its past: what changed; and where its number leads."""

import sqlalchemy as sa
from flask import Flask

from aggregator.intake import joining
from aggregator.store.opportunity import ShownBy
from aggregator.store.session import Store
from aggregator.store.tables import changes, opportunities, stamp
from connectors.base.contract import Deadline, Link, Money, Title
from tests.web import seed
from tests.web.past import DAY, FIRST, HOUR, merged, moved, page, told
from tests.web.test_pages import soup, text


def test_F16_a_deadline_that_was_brought_forward_stands_out_in_words(board: Flask, store: Store) -> None:
    seed.put(store, moved(9), now=seed.NOW - 20 * DAY)
    seed.put(store, moved(5), now=seed.NOW - DAY)
    shown = page(board)
    assert told(shown) == [
        "22 November 2026 Deadline : 2 December 2026, 12:00 → 28 November 2026, 12:00 ▲ earlier than before",
        "3 November 2026 Deadline : 25 November 2026, 12:00 → 2 December 2026, 12:00",
    ]
    lead = shown.select_one(".lead .moved")
    assert lead is not None
    assert " ".join(text(lead).split()) == (
        "▲ Deadline brought forward on 22 November 2026 : 2 December 2026, 12:00 → 28 November 2026, 12:00"
    )
    # Marked by a sign that is read and a word, and not by colour alone.
    assert [sign["aria-hidden"] for sign in lead.select(".flag > span")] == ["true"]
    italian = page(board, language="it")
    assert "Scadenza anticipata, modifica del 22 novembre 2026" in text(italian)
    assert "anticipata rispetto a prima" in told(italian)[0]


def test_F16_there_and_back_is_no_change_for_readers(board: Flask, store: Store) -> None:
    for hours, days in ((40, 9), (30, 2), (20, 9), (2, 2)):
        seed.put(store, moved(days), now=seed.NOW - hours * HOUR)
    shown = page(board)
    assert told(shown) == []
    assert "What changed" not in text(shown)
    assert shown.select_one(".moved") is None
    assert soup(board.test_client(), "/opportunities").select(".changed") == []


def test_F16_a_list_marks_what_changed_this_week_and_a_deadline_that_is_earlier_first(
    board: Flask, store: Store
) -> None:
    seed.put(store, moved(9), now=seed.NOW - 20 * DAY)
    richer = {"budget": Money(total=1400000, currency="EUR", raw="1400000 EUR")}
    seed.put(store, moved(9).model_copy(update=richer), now=seed.NOW - 3 * DAY)
    seed.put(store, moved(5).model_copy(update=richer), now=seed.NOW - 4 * HOUR)
    for path in ("/opportunities?lang=en", "/?lang=en"):
        marks = told(soup(board.test_client(), path), ".changed")
        assert marks == ["▲ changed on 23 November 2026: deadline earlier, value"]
    assert told(soup(board.test_client(), "/opportunities?lang=it"), ".changed") == [
        "▲ modifica del 23 novembre 2026: scadenza anticipata, valore"
    ]


def test_a_new_wording_and_what_is_old_are_no_mark(board: Flask, store: Store) -> None:
    seed.put(store, moved(9), now=seed.NOW - 8 * DAY)
    seed.put(store, moved(9).model_copy(update={"body": "<p>Autre chose.</p>"}), now=seed.NOW - HOUR)
    assert soup(board.test_client(), "/opportunities").select(".changed") == []
    assert page(board).select_one(".lead .moved") is not None, "eight days ago is still news on its own page"


def test_smaller_changes_stand_behind_and_of_a_text_only_its_length(board: Flask, store: Store) -> None:
    new = {
        "body": "<p>Paroles secrètes du pouvoir adjudicateur.</p>",
        "countries": ("FR", "BE"),
        "codes": ("cpv:90919200",),
        "titles": {**FIRST.titles, "de": Title(text="Frankreich – Büroreinigung")},
        "documents": (*FIRST.documents, Link(url="https://buyer.example.org/2.pdf")),
        "budget": Money(total=1400000, currency="EUR", raw="1400000 EUR"),
    }
    seed.put(store, FIRST.model_copy(update=new), now=seed.NOW - DAY)
    seed.put(store, FIRST.model_copy(update=new | {"body": "<p>X.</p>"}), now=seed.NOW - HOUR)
    shown = page(board)
    assert told(shown, ".origin > .changes li") == ["22 November 2026 Value : €1,250,000 → €1,400,000"]
    small = shown.select_one("details.small-changes")
    assert small is not None
    assert "open" not in small.attrs
    assert small.summary is not None
    assert small.summary.get_text() == "5 smaller changes"
    assert sorted(line.partition("2026 ")[2] for line in told(shown, ".small-changes li")) == [
        "Codes : no longer CPV 90911200",
        "Documents : 1 added",
        "Text : 335 characters → 9 characters",
        "Title (German) : now Frankreich – Büroreinigung",
        "Where : also Belgium",
    ]
    assert "Paroles secrètes" not in str(shown)
    assert "5 modifiche minori" in text(page(board, language="it"))


def test_a_correction_of_ours_is_said_to_be_one(board: Flask, store: Store) -> None:
    seed.put(store, moved(9), now=seed.NOW - DAY)
    with store.write() as connection:
        connection.execute(sa.update(changes).values(cause="our_reading"))
    shown = page(board)
    assert told(shown)[0].endswith("Correction: the source did not change, we read it better.")
    assert "Deadline corrected on 22 November 2026" in text(shown)
    assert "la leggiamo meglio" in told(page(board, language="it"))[0]


def test_words_that_fewer_people_might_see_are_not_made_up(board: Flask, store: Store) -> None:
    row = {"opportunity_id": 1, "source": "ted-cleaning", "field": "deadline", "at": stamp(seed.NOW - DAY)}
    with store.write() as connection:
        connection.execute(sa.insert(changes).values(**row, cause="source"))
    shown = page(board)
    assert told(shown) == ["22 November 2026 Deadline : changed"]
    assert "Deadline moved on 22 November 2026" in text(shown)


def test_every_field_has_a_name_in_the_readers_language(board: Flask, store: Store) -> None:
    rows = {
        **dict.fromkeys(("organisation", "programme", "url", "title", "title:fr"), ("A", "B")),
        **dict.fromkeys(("summary", "text"), ("1 #a", "2000 #b")),
        "status": ("forthcoming", "published"),
        "kind": ("tender", "grant_call"),
        "eligibility": ("open, 20 #3f9a1c22", "us_only"),
        "reserved": ("res-ws LOT-0001 LOT-0002", "res-pub-ser"),
        "regions": ("nuts:ITH5", "nuts:ITH4"),
        "offer_languages": ("fr", "de"),
        "documents": ("https://a.example.org/, https://b.example.org/", "https://c.example.org/"),
        "opens": ("2026-12-01", "2026-12-02T10:00:00+01:00"),
        "grant": ("up to 50%", "12.50 EUR"),
        "withdrawn": (None, "2026-11-01T00:00:00Z"),
        "reopened": ("2026-11-01T00:00:00+00:00", None),
    }
    with store.write() as connection:
        for n, (field, (before, after)) in enumerate(rows.items()):
            at = stamp(seed.NOW - n * 3 * DAY)
            row = {"opportunity_id": 1, "source": "ted-cleaning", "field": field, "before": before, "after": after}
            connection.execute(sa.insert(changes).values(**row, at=at, cause="source"))
    said = {line.partition("2026 ")[2] for line in told(page(board))}
    assert {
        "Status : Forthcoming → Published",
        "Who may take part : Open to all → Only for organisations in the United States",
        "Opens : 1 December 2026 → 2 December 2026, 10:00",
        "Grant per applicant : up to 50% → €12.50",
        "Title (French) : A → B",
        "Text : 1 character → 2,000 characters",
        "Documents : 1 added, 2 removed",
        "Language of the offer : French → German",
        "Regions : NUTS ITH5 → NUTS ITH4",
        "Withdrawn",
        "Back after it had been withdrawn",
        "Address at the source : changed",
    } <= said
    assert any(line.startswith("Reservation : Sheltered workshops") and "(lots 1, 2) →" in line for line in said)
    italian = " ".join(told(page(board, language="it")))
    for english in ("Status", "Forthcoming", "tender", "characters", "res-ws", "Regions", "changed", "us_only"):
        assert english not in italian.replace("Status:", ""), english


def test_of_a_link_nothing_of_the_history_but_that_it_changed(board: Flask, store: Store) -> None:
    linked = seed.opportunity(
        source_id="L-1",
        titles={"it": Title(text="Le parole della fonte")},
        rights=ShownBy(show="link", basis="contract of 2 May 2026"),
        deadlines=[Deadline(on=seed.day(9))],
    )
    (item,) = seed.put(store, linked, now=seed.NOW - 2 * DAY)
    renamed = {"titles": {"it": Title(text="Altre parole")}, "deadlines": (Deadline(on=seed.day(5)),)}
    seed.put(store, linked.model_copy(update=renamed), now=seed.NOW - DAY)
    shown = page(board, item.id)
    assert "Le parole della fonte" not in str(shown)
    assert "22 November 2026 Deadline : changed ▲ earlier than before" in told(shown)
    assert "2 December" not in str(shown)


# Where it is now


def test_B8_the_number_of_one_that_went_into_another_leads_there(board: Flask, store: Store) -> None:
    old = merged(store)
    client = board.test_client()
    answer = client.get(f"/opportunities/{old}")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/opportunities/1")
    # It may be undone: nobody is to remember it for ever without asking.
    assert answer.headers["Cache-Control"] == "no-cache"
    kept = client.get(f"/opportunities/{old}?lang=it")
    assert kept.headers["Location"] == "/opportunities/1?lang=it"
    assert client.get(f"/opportunities/{old}", follow_redirects=True).status_code == 200
    assert client.get("/opportunities/4711").status_code == 404


def test_B8_a_number_that_leads_to_what_the_public_may_not_see_does_not_exist(board: Flask, store: Store) -> None:
    secret = {"rights": ShownBy(show="link", audience="members"), "titles": {"it": Title(text="Solo per i soci")}}
    one, other = (
        seed.put(store, seed.opportunity(source=source, source_id=source, **secret))[0].id
        for source in ("news-coop", "fund-watch")
    )
    with store.write() as connection:
        assert joining.merge(connection, one, other, by="office", because="so", now=seed.NOW) is not None
    for number in (one, other):
        assert board.test_client().get(f"/opportunities/{number}").status_code == 404


def test_B8_what_was_withdrawn_keeps_its_page_and_says_since_when(board: Flask, store: Store) -> None:
    with store.write() as connection:
        one = sa.update(opportunities).where(opportunities.c.id == 1)
        connection.execute(one.values(withdrawn_at=stamp(seed.NOW - DAY)))
    answer = board.test_client().get("/opportunities/1?lang=en")
    assert answer.status_code == 200
    assert "not to be found there since 22 November 2026" in answer.text
