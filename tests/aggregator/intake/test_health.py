"""The judgement of a visit, class by class."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from sqlalchemy.exc import OperationalError

from aggregator.intake.health import Facts, VisitClass, judge, warnings
from connectors.base.contract import Expect, FetchError, ParamError, ParseError

SWEEP, RECENT = Facts(mode="sweep"), Facts(mode="recent")


def failed(kind: Any, *, status: int | None = None) -> FetchError:
    return FetchError(kind, "https://example.org/", "it failed", status=status)


TABLE: list[tuple[str, Facts, Expect, str, bool]] = [
    ("new notices", replace(SWEEP, read=5, pages=1, wrote=5), Expect(), "ok", True),
    ("nothing at all, for the first time", replace(SWEEP, pages=1), Expect(), "ok", True),
    ("a quiet list that was short before", replace(RECENT, pages=1, before=9), Expect(), "ok", True),
    ("only records that are left out on purpose", replace(RECENT, pages=1, skipped=30, before=30), Expect(), "ok", True),
    ("nothing that we did not know", replace(SWEEP, read=5, pages=1), Expect(), "same", True),
    ("pages that say nothing new", replace(RECENT, pages=2, unchanged=2, before=90), Expect(), "same", True),
    ("pages that say nothing new, and announce", replace(RECENT, pages=2, unchanged=2, announced=9), Expect(), "same", True),
    ("one page new, one not", replace(RECENT, read=5, wrote=1, pages=2, unchanged=1, passed=7, announced=12), Expect(), "ok", True),
    ("one page new, one short", replace(RECENT, read=5, wrote=1, pages=2, unchanged=1, passed=6, announced=12), Expect(), "partial", False),
    ("titles read, and a list that says nothing new", replace(RECENT, pages=2, unchanged=1, before=90), Expect(), "same", True),
    ("fewer than announced", replace(SWEEP, read=5, wrote=5, pages=1, announced=6), Expect(), "partial", False),
    ("rejected ones count as seen", replace(SWEEP, read=5, rejected=1, wrote=5, pages=1, announced=6), Expect(), "ok", True),
    ("more than announced", replace(SWEEP, read=7, wrote=7, pages=1, announced=6), Expect(), "ok", True),
    ("stopped before any answer", replace(SWEEP, stopped="stopping", before=90), Expect(at_least=50), "transient", False),
    ("stopped below the least", replace(SWEEP, read=5, wrote=5, pages=1, stopped="stopping"), Expect(at_least=50), "partial", False),
    ("out of time", replace(SWEEP, read=5, wrote=5, pages=1, stopped="time limit"), Expect(), "partial", False),
    ("one page of several unreadable", replace(SWEEP, read=5, wrote=5, pages=2, bad_pages=("x: y",)), Expect(), "partial", False),
    ("broken off after some pages", replace(SWEEP, read=5, pages=1, failure=failed("transient")), Expect(), "partial", False),
    ("broken off at once", replace(SWEEP, failure=failed("transient")), Expect(), "transient", False),
    ("the store was locked", replace(SWEEP, read=5, failure=OperationalError("", {}, Exception("locked"))), Expect(), "transient", False),
    ("told to wait", replace(SWEEP, read=5, failure=failed("throttled")), Expect(), "throttled", False),
    ("refused", replace(SWEEP, failure=failed("blocked", status=403)), Expect(), "blocked", False),
    ("a key is wanted", replace(SWEEP, failure=failed("auth", status=401)), Expect(), "auth", False),
    ("the platform is gone", replace(SWEEP, failure=failed("gone", status=410)), Expect(), "gone", False),
    ("the address is wrong", replace(SWEEP, failure=failed("gone", status=404)), Expect(), "config", False),
    ("a parameter is wrong", replace(SWEEP, failure=ParamError("query", "refused")), Expect(), "config", False),
    ("another answer than the platform's", replace(SWEEP, read=9, failure=ParseError("u", "w")), Expect(), "drift", False),
    ("no page readable", replace(SWEEP, pages=1, bad_pages=("x: y",)), Expect(), "drift", False),
    ("a fifth unreadable", replace(SWEEP, read=8, rejected=2, wrote=8, pages=1), Expect(), "ok", True),
    ("more than a fifth unreadable", replace(SWEEP, read=7, rejected=2, wrote=7, pages=1), Expect(), "drift", False),
    ("a sweep below the least", replace(SWEEP, read=4, wrote=4, pages=1), Expect(at_least=5), "drift", False),
    ("a window below the least of a sweep", replace(RECENT, read=4, wrote=4, pages=1), Expect(at_least=5), "ok", True),
    ("deadlines are gone", replace(SWEEP, read=9, told=9, dated=4, wrote=9, pages=1), Expect(with_deadline=0.5), "drift", False),
    ("deadlines are there", replace(SWEEP, read=10, told=10, dated=5, wrote=9, pages=1), Expect(with_deadline=0.5), "ok", True),
    ("empty after ten", replace(RECENT, pages=1, before=10), Expect(), "suspicious", False),
    ("empty sweep after many", replace(SWEEP, pages=1, before=500), Expect(), "suspicious", False),
    ("cards state no deadline", replace(SWEEP, read=90, told=10, dated=5, wrote=9, pages=9), Expect(with_deadline=0.5), "ok", True),
    ("a sweep that has collapsed", replace(SWEEP, read=24, wrote=1, pages=1, before=24, usual=100), Expect(), "suspicious", False),
    ("a sweep that is thin", replace(SWEEP, read=25, wrote=1, pages=1, before=24, usual=100), Expect(), "ok", True),
    ("a small sweep that is smaller", replace(SWEEP, read=1, wrote=1, pages=1, before=9, usual=9), Expect(), "ok", True),
    ("a window is as empty as its days", replace(RECENT, read=2, wrote=1, pages=1, before=100, usual=100), Expect(), "ok", True),
    ("a collapsed sweep that was cut off", replace(SWEEP, read=4, pages=1, usual=100, stopped="stopping"), Expect(), "partial", False),
    ("a page that is not believed", replace(SWEEP, read=90, wrote=90, pages=9, doubted="one title"), Expect(), "drift", False),
    ("a login came in its place", replace(SWEEP, pages=1, suspect="a login page", bad_pages=("x",)), Expect(), "suspicious", False),
    ("a wall came up later", replace(SWEEP, read=9, told=9, pages=2, suspect="a wall", bad_pages=("x",)), Expect(), "partial", False),
    ("maintenance in its place", replace(SWEEP, failure=ParseError("u", "w", suspicious=True)), Expect(), "suspicious", False),
    ("a page that came twice", replace(SWEEP, read=90, wrote=90, pages=9, repeated=True), Expect(), "partial", False),
    ("details are still to be read", replace(SWEEP, read=90, told=40, wrote=40, pages=41, unread=50), Expect(), "partial", False),
    ("our own mistake", replace(SWEEP, read=5, failure=KeyError("x")), Expect(), "bug", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "expect", "kind", "complete"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_a_visit_is_judged_by_what_it_brought(facts: Facts, expect: Expect, kind: str, complete: bool) -> None:
    judged = judge(facts, expect)
    assert (judged.kind, judged.complete) == (kind, complete)
    assert judged.good == (kind in {"ok", "same", "partial"})
    assert (judged.why is None) == (kind in {"ok", "same"})


def test_every_class_of_a_visit_has_a_row_in_the_table() -> None:
    assert {row[3] for row in TABLE} == set(get_args(VisitClass))


def test_too_many_notices_or_none_that_is_fresh_is_told_and_fails_nothing() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    expect = Expect(at_most=100, fresh_days=7)
    facts = replace(SWEEP, read=101, pages=1, wrote=101, newest=now - timedelta(days=8))
    assert judge(facts, expect).kind == "ok"
    assert warnings(facts, expect, now) == [
        "101 notices, and at most 100 are expected",
        "the newest notice is 8 days old, and 7 are expected at most",
    ]
    assert warnings(replace(facts, read=100, newest=now - timedelta(days=7)), expect, now) == []
    assert warnings(replace(facts, read=0, newest=None), expect, now) == []
