"""What a reader of one opportunity learns of where it comes from: who tells it, and why several notices are one."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser

from aggregator.store.opportunity import Provenance, ShownBy
from aggregator.store.session import Store
from aggregator.store.tables import notices, stamp
from tests.web import seed
from tests.web.past import DAY, merged, moved, page, told, told_twice
from tests.web.test_in_the_browser import MEASURE_CONTRAST, SMALL_TARGETS


def test_two_that_the_rule_took_for_one_say_why_in_the_readers_language(board: Flask, store: Store) -> None:
    assert told_twice(store) == 1
    english, italian = (told(page(board, language=language), ".told-by li") for language in ("en", "it"))
    assert len(english) == 2
    assert "notice 100001-2026 notices.example.org read on 23 November 2026, 08:30" in english[0]
    assert "taken for the same thing: same title, same deadline, same buyer, same amount" in english[1]
    assert english[1].endswith("(22 November 2026)")
    assert "ritenuto la stessa cosa: stesso titolo, stessa scadenza, stesso committente, stesso importo" in italian[1]


@pytest.mark.parametrize(
    ("by", "because", "said"),
    [
        ("key", "ted:100001-2026", "the same thing: both name ted:100001-2026 (23 November 2026)"),
        ("rule", "facts that only a later version names", "taken for the same thing: the facts agree"),
        ("office", "Mario says so", "put together by our office (23 November 2026)"),
        ("renamed", "calls R-16 R-17 now", "the same notice under a new number (23 November 2026)"),
    ],
)
def test_each_way_of_becoming_one_has_its_words_and_the_offices_own_stay_inside(
    board: Flask, store: Store, by: str, because: str, said: str
) -> None:
    merged(store, by=by, because=because)
    shown = page(board)
    assert said in told(shown, ".told-by li")[1]
    assert "Mario" not in str(shown)


def test_how_a_notice_stands_at_its_source_is_said(board: Flask, store: Store) -> None:
    told_twice(store)
    here = sa.update(notices).where(notices.c.source_id == "R-17")
    for values, said in (
        ({"missing_since": stamp(seed.NOW - 4 * DAY)}, "not found there since 19 November 2026"),
        ({"withdrawn_at": stamp(seed.NOW - 3 * DAY)}, "withdrawn there, noticed on 20 November 2026"),
    ):
        with store.write() as connection:
            connection.execute(here.values(values))
        assert said in told(page(board), ".told-by li")[1]


def test_a_notice_for_fewer_people_is_named_neither_as_a_source_nor_as_a_reason(board: Flask, store: Store) -> None:
    rights = ShownBy(**{**seed.FULL, "audience": "members", "attribution": "Circolare ai soci"})
    assert merged(store, because="een:SECRET20260001", rights=rights) > 1
    shown = page(board)
    assert len(shown.select(".told-by li")) == 1
    for hidden in ("R-17", "mirror.example.net", "SECRET", "Circolare", "Altro titolo"):
        assert hidden not in str(shown), hidden


def test_F25_the_host_of_a_notice_is_shown_as_what_it_is(board: Flask, store: Store) -> None:
    from connectors.base.text import http_url

    url = http_url("https://exаmple.org/tender")  # a Cyrillic letter
    assert url is not None
    origin = Provenance(source="ted-cleaning", source_id="C-1", url=url, fetched_at=seed.NOW)
    (item,) = seed.put(store, seed.opportunity(source_id="C-1", url=url, notices=[origin]))
    (line,) = page(board, item.id).select(".told-by li")
    host = line.select_one(".host")
    assert host is not None
    assert host.get_text() == "xn--exmple-4nf.org"


# How it looks


@pytest.fixture
def full(board: Flask, store: Store) -> Flask:
    """The first sample with everything that a past can hold."""
    told_twice(store)
    seed.put(store, moved(20), now=seed.NOW - 9 * DAY)
    reworded = {"body": "<p>Autre chose.</p>", "countries": ("FR", "BE"), "codes": ("cpv:90919200", "cpv:90911300")}
    seed.put(store, moved(20).model_copy(update=reworded), now=seed.NOW - 5 * DAY)
    seed.put(store, moved(6).model_copy(update=reworded), now=seed.NOW - DAY)
    with store.write() as connection:
        gone = {"missing_since": stamp(seed.NOW - 4 * DAY)}
        connection.execute(sa.update(notices).where(notices.c.source_id == "R-17").values(gone))
    return board


def test_the_past_is_legible_in_light_and_dark_on_every_screen_and_on_paper(
    full: Flask, chromium: Browser, address: str
) -> None:
    context = chromium.new_context(base_url=address, locale="it-IT", java_script_enabled=True)
    shown = context.new_page()
    for width in (320, 1280):
        shown.set_viewport_size({"width": width, "height": 800})
        for scheme in ("dark", "light"):
            shown.emulate_media(color_scheme=scheme)
            for path in ("/opportunities/1", "/opportunities"):
                shown.goto(path)
                if path.endswith("/1"):
                    shown.locator("details.small-changes summary").click()
                assert shown.evaluate(MEASURE_CONTRAST) == [], (width, scheme, path)
                assert shown.evaluate("document.documentElement.scrollWidth") <= width
                assert shown.evaluate(SMALL_TARGETS) == []
    shown.emulate_media(media="print")
    shown.goto("/opportunities/1")
    assert shown.locator(".small-changes li").first.is_visible(), "on paper nothing is folded away"
    assert shown.locator(".origin .host").locator("visible=true").count() == 0, "the whole address is printed"
    context.close()
