"""What may be shown to whom: the whole table, and the joining of several sources' rights."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Literal, get_args

import pytest

from aggregator.rights import SUMMARY, Reader, shown, strictest
from aggregator.store.opportunity import Opportunity, ShownBy, status
from connectors.base.contract import Deadline, Rights, Title

Show = Literal["full", "summary", "link"]
Audience = Literal["public", "members", "office"]

FIRST_SEEN = datetime(2026, 11, 1, tzinfo=UTC)
OPEN = datetime(2026, 11, 20, tzinfo=UTC)
CLOSED = datetime(2027, 2, 1, tzinfo=UTC)
LONG = "word " * 95 + "end"


def item(rights: ShownBy, *, summary: str | None = LONG, body: str | None = "<p>All of it</p>") -> Opportunity:
    return Opportunity(
        id=1,
        kind="tender",
        titles={"it": Title(text="Pulizie")},
        url="https://buyer.example.org/1",
        summary=summary,
        body=body,
        deadlines=(Deadline(on=date(2027, 1, 12)),),
        rights=rights,
        first_seen=FIRST_SEEN,
        changed_at=FIRST_SEEN,
    )


@pytest.mark.parametrize(
    ("show", "audience", "drop", "to", "now", "basis"),
    list(
        product(
            get_args(Show),
            get_args(Audience),
            ("never", "close", "10", "60", "close 10"),
            get_args(Reader),
            (OPEN, CLOSED),
            ("licence", "not known"),
        )
    ),
)
def test_the_whole_table_of_show_audience_end_reader_and_time(
    show: Show, audience: Audience, drop: str, to: Reader, now: datetime, basis: str
) -> None:
    opportunity = item(ShownBy(show=show, audience=audience, attribution="© Source", drop_text_at=drop, basis=basis))
    result = shown(opportunity, to=to, now=now)

    allowed = {"public": ("public",), "member": ("public", "members"), "office": ("public", "members", "office")}
    assert result.visible == (audience in allowed[to])
    if not result.visible:
        assert (result.summary, result.body, result.attribution, result.link) == (None, None, "", "")
        return
    assert (result.attribution, result.link) == ("© Source", "https://buyer.example.org/1")
    days = (now - FIRST_SEEN).days
    dropped = {
        "never": False,
        "close": now is CLOSED,
        "10": days >= 10,
        "60": days >= 60,
        "close 10": now is CLOSED or days >= 10,
    }[drop]
    expected = {
        ("full", "licence"): ("whole", True),
        ("full", "not known"): ("short", False),
        ("summary", "licence"): ("short", False),
        ("summary", "not known"): ("short", False),
        ("link", "licence"): ("none", False),
        ("link", "not known"): ("none", False),
    }[(show, basis)]
    text, with_body = ("none", False) if dropped else expected
    assert (result.body is not None) == with_body
    if text == "none":
        assert result.summary is None
    elif text == "whole":
        assert result.summary == LONG
    else:
        assert result.summary is not None
        assert 300 < len(result.summary) <= SUMMARY < len(LONG)


def test_a_source_that_gives_a_body_only_is_summarised_from_its_plain_text() -> None:
    opportunity = item(ShownBy(show="summary"), summary=None, body="<p>Bando <strong>2027</strong></p>")
    assert shown(opportunity, to="public", now=OPEN).summary == "Bando 2027"


def test_a_withdrawn_notice_drops_its_text_like_a_closed_one() -> None:
    rights = ShownBy(show="full", basis="licence", drop_text_at="close")
    gone = item(rights).model_copy(update={"withdrawn_at": OPEN - timedelta(days=1)})
    assert status(gone, OPEN) == "withdrawn"
    assert shown(gone, to="office", now=OPEN).body is None
    assert shown(item(rights), to="public", now=OPEN).body == "<p>All of it</p>"


def test_no_rights_at_all_are_the_rights_of_what_is_not_known() -> None:
    assert strictest([]) == ShownBy() == ShownBy(show="summary", audience="public", basis="not known")


def test_of_several_sources_the_narrowest_word_counts_in_each_respect() -> None:
    joined = strictest(
        [
            Rights(show="full", audience="public", attribution="© EU", drop_text_at=30, basis="CC BY 4.0"),
            Rights(
                show="summary", audience="members", attribution="© Net", drop_text_at="close", basis="letter of May"
            ),
            Rights(show="full", audience="public", attribution="© EU", drop_text_at=90, basis="CC BY 4.0"),
        ]
    )
    assert joined == ShownBy(
        show="summary",
        audience="members",
        attribution="© EU · © Net",
        drop_text_at="close 30",
        basis="CC BY 4.0 · letter of May",
    )


@pytest.mark.parametrize("basis", ["not known", "", "Not known "])
def test_one_source_without_a_basis_leaves_the_whole_without_one(basis: str) -> None:
    joined = strictest([Rights(show="full", basis="CC BY 4.0"), Rights(show="full", basis=basis)])
    assert joined.basis == "not known"
    assert shown(item(joined), to="office", now=OPEN).body is None


@pytest.mark.parametrize(("one", "other"), list(product(get_args(Show), repeat=2)))
def test_joining_never_shows_more_than_either_source_alone(one: Show, other: Show) -> None:
    rank = {"link": 0, "summary": 1, "full": 2}
    joined = strictest([Rights(show=one, basis="a"), Rights(show=other, basis="b")])
    assert rank[joined.show] == min(rank[one], rank[other])
    assert joined == strictest([Rights(show=one, basis="a"), Rights(show=other, basis="b")][::-1])
