"""What a post says, field by field, and what becomes of posts that nobody should send."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.intake.reading import Rejected, readings
from connectors.base.contract import Gone, Notice, Page, ParseError, Seen, Skipped
from connectors.generic import wordpress

SITE = "https://camera.example"
POST = {
    "id": 71,
    "link": f"{SITE}/bandi/uno/",
    "title": {"rendered": "Bando uno"},
    "status": "publish",
    "type": "bandi",
}


def page(*posts: Any, **params: Any) -> Page:
    chosen = {"url": SITE, "post_type": "bandi", "lang": "it", "origin_country": "IT"}
    return Page(
        url=f"{SITE}/wp-json/wp/v2/bandi",
        body=json.dumps(posts).encode(),
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        params=wordpress.Params(**chosen | params),
    )


def notice(post: dict[str, Any] | None = None, **params: Any) -> Notice:
    (read,) = readings(wordpress, page(POST | (post or {}), **params))
    assert isinstance(read, Notice)
    return read


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"date": "2026-07-01T10:00:00", "date_gmt": "2026-07-01T08:00:00"}, "2026-07-01T08:00:00+00:00"),
        ({"date": "2026-07-01T10:00:00"}, "2026-07-01T10:00:00+02:00"),
        ({"date": "2026-01-15T10:00:00", "date_gmt": "0000-00-00T00:00:00"}, "2026-01-15T10:00:00+01:00"),
        ({"date": "2026-01-15T10:00:00", "date_gmt": None}, "2026-01-15T10:00:00+01:00"),
    ],
)
def test_gmt_is_utc_and_the_other_date_is_the_clock_of_the_site(dates: dict[str, Any], expected: str) -> None:
    published = notice(dates).published_at
    assert isinstance(published, datetime)
    assert published == datetime.fromisoformat(expected)


def test_terms_say_who_may_apply_and_what_it_is_about() -> None:
    classes = ["post-71", "type-bandi", "hentry", "bandi", "has-post-thumbnail", "destinatari-piccole-imprese"]
    read = notice(
        {"class_list": [*classes, "destinatari-cooperative", "tematiche-ricerca", "category-export", "fondo-x"]}
    )
    assert read.eligibility
    assert read.eligibility.text == "piccole imprese; cooperative"
    assert read.keywords == ("ricerca", "export", "fondo x")


def test_classes_that_come_as_an_object_are_read_too() -> None:
    assert notice({"class_list": {"0": "tematiche-export", "4": "hentry"}}).keywords == ("export",)


def test_a_title_with_entities_is_read_as_people_see_it() -> None:
    assert notice({"title": {"rendered": "Step &#8211; L&#8217;&amp;"}}).titles["it"].text == "Step – L’&"


def test_what_is_left_of_shortcodes_goes_and_words_in_brackets_stay() -> None:
    text = (
        '[et_pb_section fb="1"]<p>Testo [omissis] e [contact-form-7 id="3"] resto</p>[/et_pb_section][gallery ids="1"]'
    )
    read = notice({"content": {"rendered": text}})
    assert read.body == "<p>Testo [omissis] e resto</p>"


def test_an_excerpt_that_names_the_deadline_counts_though_the_text_is_longer() -> None:
    told = {
        "excerpt": {"rendered": "<p>Domande entro il 31/01/2027</p>"},
        "content": {"rendered": f"<p>{'Testo. ' * 60}</p>"},
    }
    assert [each.on for each in notice(told).deadlines] == [date(2027, 1, 31)]


def test_an_excerpt_cut_off_by_wordpress_is_not_said_twice() -> None:
    text = "Una frase abbastanza lunga che continua ancora per un poco"
    told = {"excerpt": {"rendered": f"<p>{text[:30]} [&hellip;]</p>"}, "content": {"rendered": f"<p>{text}</p>"}}
    assert notice(told).body == f"<p>{text}</p>"


def test_a_deadline_of_a_field_goes_before_what_the_text_says() -> None:
    told = {"acf": {"data_scadenza": "20270131"}, "content": {"rendered": "<p>Domande entro il 28/02/2027.</p>"}}
    assert [each.on for each in notice(told, deadline_field="acf.data_scadenza").deadlines] == [date(2027, 1, 31)]
    assert [each.on for each in notice(told, deadline_field="acf.altro").deadlines] == [date(2027, 2, 28)]


def test_F15_a_field_that_holds_no_date_is_named_and_the_text_is_asked() -> None:
    told = {"acf": {"scade": "12/31/2026"}, "content": {"rendered": "<p>Domande entro il 28/02/2027.</p>"}}
    read = notice(told, deadline_field="acf.scade")
    assert read.extra["wordpress"]["unread"] == ["acf.scade: 12/31/2026"]
    assert [each.on for each in read.deadlines] == [date(2027, 2, 28)]


@pytest.mark.parametrize(
    ("post", "reason"),
    [
        ({"status": "draft"}, "status: draft"),
        ({"content": {"rendered": "", "protected": True}}, "protected by a password"),
    ],
)
def test_what_is_not_for_everybody_is_left_out_by_name(post: dict[str, Any], reason: str) -> None:
    assert list(readings(wordpress, page(POST | post))) == [Skipped(reason, "71")]


def test_persons_are_cut() -> None:
    read = notice({"content": {"rendered": "<p>Referente: Ada Belmonte, tel. 051 5551234</p>"}})
    assert "Belmonte" not in read.model_dump_json()
    assert "5551234" not in read.model_dump_json()


def test_an_event_with_an_offset_for_a_zone_counts_in_utc() -> None:
    event = {
        "id": 5,
        "title": "Fiera",
        "url": f"{SITE}/event/5/",
        "timezone": "UTC+1",
        "start_date": "2026-12-01 10:00:00",
    }
    (read,) = readings(wordpress, page(event | {"utc_start_date": "2026-12-01 09:00:00"}, events=True))
    assert isinstance(read, Notice)
    assert [(each.at, each.zone) for each in read.deadlines] == [("10:00", "Europe/Rome")]


def test_a_page_behind_without_text_is_refused_and_not_taken_for_a_menu() -> None:
    shown = page(follow_details=True)
    bare = Page(
        url=f"{SITE}/bandi/uno/",
        body=b"<html><title>Bando</title><body><nav>"
        + b"voce di menu " * 40
        + b"</nav><main>Breve</main></body></html>",
        fetched_at=shown.fetched_at,
        role="detail",
        params=shown.params,
        of="71",
    )
    (read,) = readings(wordpress, bare)
    assert isinstance(read, Rejected)
    assert "content_selector" in read.reason


def test_a_list_of_something_else_is_refused() -> None:
    with pytest.raises(ParseError):
        list(wordpress.split(page("nonsense")))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
NAMES = (
    *("id", "date", "date_gmt", "modified_gmt", "link", "guid", "status", "title", "excerpt", "content", "class_list"),
    *("acf", "lang", "start_date", "utc_start_date", "end_date", "timezone", "venue", "categories", "description"),
)


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), values, max_size=10), max_size=3))
def test_F23_whatever_a_post_holds_ends_as_a_reading(posts: list[Any]) -> None:
    for read in readings(wordpress, page(*posts, deadline_field="acf.x.y", follow_details=True)):
        assert isinstance(read, Notice | Seen | Skipped | Gone | Rejected)
        if isinstance(read, Rejected):
            assert "has no id" in read.reason or "address" in read.reason, read.reason
