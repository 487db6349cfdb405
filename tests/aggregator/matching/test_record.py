"""Matches in a real store: written when they arise, once, and never new to whoever was told."""

import time
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from aggregator.matching.engine import prepare, reasons_of, record, record_all
from aggregator.matching.judge import verdicts
from aggregator.matching.profile import Profile
from aggregator.matching.tables import matches
from aggregator.people.member import Member
from aggregator.people.members import put
from aggregator.store.opportunities import document
from aggregator.store.opportunity import Opportunity
from aggregator.store.session import Store
from aggregator.store.tables import opportunities, stamp
from tests.aggregator.matching.items import NOW, item, member

LATER = NOW + timedelta(days=7)
CLEANING = Profile(name="Cleaning", sectors=("facility_cleaning",))
MEMBER = member(CLEANING)


def keep(connection: sa.Connection, what: Opportunity) -> Opportunity:
    row: dict[str, Any] = dict.fromkeys(("places", "sectors", "sources", "audience", "reserved"), "")
    row |= {"id": what.id, "kind": what.kind, "doc": document(what, title="", text="")}
    row |= {"announced": False, "endless": False}
    row |= {"first_seen": stamp(what.first_seen), "changed_at": stamp(what.changed_at)}
    connection.execute(sa.insert(opportunities).values(row))
    return what


def rows(connection: sa.Connection) -> list[Any]:
    return list(connection.execute(sa.select(matches).order_by(matches.c.profile_id, matches.c.opportunity_id)))


def changed(what: Opportunity, at: datetime, **facts: Any) -> Opportunity:
    return what.model_copy(update={"changed_at": at, **facts})


def test_a_match_is_recorded_with_its_reasons_when_it_arises(store: Store) -> None:
    with store.write() as connection:
        put(connection, [MEMBER], now=NOW)
        met, other = keep(connection, item("Nettoyage")), keep(connection, item("Pêche", id=2))
        assert record(connection, [met, other], [MEMBER], now=NOW) == 1
        (row,) = rows(connection)
    assert (row.profile_id, row.opportunity_id, row.member_id, row.tier) == ("coop/cleaning", 1, "coop", "text")
    assert (row.first_seen, row.state, row.sent_at) == (stamp(NOW), "new", None)
    assert {(r.kind, r.item) for r in reasons_of(row.reasons)} == {("keyword", "Nettoyage"), ("country", "FR")}


def test_a_second_record_of_the_same_writes_nothing(store: Store) -> None:
    with store.write() as connection:
        put(connection, [MEMBER], now=NOW)
        what = keep(connection, item("Nettoyage"))
        assert record(connection, [what], [MEMBER], now=NOW) == 1
        before = rows(connection)
        assert record(connection, [what], prepare([MEMBER]), now=LATER) == 0
        assert record_all(connection, now=LATER) == 0
        assert rows(connection) == before


def test_a_changed_item_renews_score_and_reasons_and_keeps_the_first_day(store: Store) -> None:
    with store.write() as connection:
        put(connection, [MEMBER], now=NOW)
        what = keep(connection, item("Nettoyage"))
        record(connection, [what], [MEMBER], now=NOW)
        (before,) = rows(connection)
        coded = [{"id": "facility_cleaning", "because": "cpv:90910000"}]
        again = changed(what, LATER, sectors=item(sectors=coded).sectors)
        assert record(connection, [again], [MEMBER], now=LATER) == 0
        (after,) = rows(connection)
    assert (after.first_seen, after.changed_at) == (before.first_seen, stamp(LATER))
    assert after.score > before.score
    assert after.tier == "coded"


def test_what_fits_no_longer_is_dropped_and_comes_back_when_it_fits_again(store: Store) -> None:
    states = []
    with store.write() as connection:
        put(connection, [MEMBER], now=NOW)
        what = keep(connection, item("Nettoyage"))
        for days, title in enumerate(["Nettoyage", "Pêche", "Nettoyage"]):
            at = NOW + timedelta(days=days)
            record(connection, [changed(what, at, titles=item(title).titles)], [MEMBER], now=at)
            states.append(rows(connection)[0].state)
    assert states == ["new", "dropped", "new"]


def test_whoever_was_told_hears_no_more_of_what_fits_no_longer_and_never_as_new(store: Store) -> None:
    wider = MEMBER.model_copy(update={"profiles": (CLEANING.model_copy(update={"none": ("nettoyage",)}),)})
    gone = MEMBER.model_copy(update={"profiles": ()})
    states = []
    with store.write() as connection:
        put(connection, [MEMBER], now=NOW)
        what = keep(connection, item("Nettoyage"))
        record(connection, [what], [MEMBER], now=NOW)
        connection.execute(sa.update(matches).values(state="sent", sent_at=stamp(NOW)))
        before = rows(connection)
        for who in (wider, MEMBER, gone, MEMBER):
            put(connection, [who], now=NOW)
            assert record_all(connection, now=NOW) == 0
            (row,) = rows(connection)
            states.append((row.state, row.sent_at))
        assert rows(connection) == before
        record(connection, [changed(what, LATER, titles=item("Pêche").titles)], [MEMBER], now=LATER)
        states.append((rows(connection)[0].state, rows(connection)[0].sent_at))
    assert states == [(state, stamp(NOW)) for state in ("dropped", "sent", "dropped", "sent", "dropped")]


def test_time_alone_takes_nothing_back_from_whoever_was_told(store: Store) -> None:
    patient = member(CLEANING.model_copy(update={"least_days": {"tender": 25}}))
    with store.write() as connection:
        put(connection, [patient], now=NOW)
        record(connection, [keep(connection, item("Nettoyage"))], [patient], now=NOW)
        connection.execute(sa.update(matches).values(state="sent", sent_at=stamp(NOW)))
        record_all(connection, now=LATER)
        assert rows(connection)[0].state == "sent"
        put(connection, [member(patient.profiles[0].model_copy(update={"none": ("nettoyage",)}))], now=LATER)
        record_all(connection, now=LATER)
        assert rows(connection)[0].state == "dropped"
        put(connection, [patient], now=LATER)
        connection.execute(sa.update(matches).values(state="offered", sent_at=None))
        record_all(connection, now=LATER)
        assert rows(connection)[0].state == "dropped"


def test_what_was_only_offered_is_dropped_when_its_profile_changes_or_goes(store: Store) -> None:
    choosy = MEMBER.model_copy(update={"profiles": (CLEANING.model_copy(update={"none": ("nettoyage",)}),)})
    for who in (choosy, MEMBER.model_copy(update={"profiles": ()})):
        with store.write() as connection:
            connection.execute(sa.delete(matches))
            put(connection, [MEMBER], now=NOW)
            what = item("Nettoyage")
            if not connection.scalar(sa.select(sa.func.count()).select_from(opportunities)):
                keep(connection, what)
            record(connection, [what], [MEMBER], now=NOW)
            connection.execute(sa.update(matches).values(state="offered"))
            put(connection, [who], now=NOW)
            record_all(connection, now=NOW)
            assert [row.state for row in rows(connection)] == ["dropped"]


def test_new_wishes_meet_everything_unfinished_and_old_ones_let_go(store: Store) -> None:
    wider = MEMBER.model_copy(update={"profiles": (Profile(name="Sea", any=("pêche",)),)})
    with store.write() as connection:
        put(connection, [MEMBER], now=NOW)
        for what in (item("Nettoyage"), item("Pêche", id=2)):
            record(connection, [keep(connection, what)], [MEMBER], now=NOW)
        put(connection, [wider], now=LATER)
        assert record_all(connection, now=LATER) == 1
        found = {(row.profile_id, row.opportunity_id): row.state for row in rows(connection)}
    assert found == {("coop/cleaning", 1): "dropped", ("coop/sea", 2): "new"}


def test_two_workers_that_meet_the_same_pair_write_it_once(store: Store, monkeypatch: Any) -> None:
    with store.write() as connection:
        put(connection, [MEMBER], now=NOW)
        what = keep(connection, item("Nettoyage"))
        record(connection, [what], [MEMBER], now=NOW)
        # The second worker looked before the first one wrote.
        monkeypatch.setattr("aggregator.matching.record._held", lambda *_: {})
        record(connection, [what], [MEMBER], now=LATER)
        (row,) = rows(connection)
    assert row.first_seen == stamp(NOW)


def test_a_page_is_matched_with_fifty_profiles_within_its_commit() -> None:
    wishes = [
        Profile(
            name=f"P{n}",
            sectors=("facility_cleaning", "catering", "social_care"),
            any=(f"parola{n}", "mensa scolastica", "nettoyage"),
            none=("armi",),
            text="Produciamo formaggi stagionati e serviamo mense scolastiche con prodotti biologici di montagna",
        )
        for n in range(50)
    ]
    prepared = prepare([Member(id="m", name="M", profiles=tuple(wishes))])
    body = "Le marché porte sur la restauration collective des écoles et le nettoyage des locaux de la commune. " * 12
    page = [item(f"Lot {n} nettoyage des écoles de Villeneuve{n}", id=n, body=f"<p>{body}</p>") for n in range(250)]
    started = time.process_time()
    sent = sum(verdict.sent for what in page for _, verdict in verdicts(prepared, what, now=NOW))
    spent = time.process_time() - started
    print(f"{spent:.2f} s for 250 items and 50 profiles")
    assert sent == 250 * 50
    # Half a second on an idle machine; the bound leaves room for a busy one.
    assert spent < 4
