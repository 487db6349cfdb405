"""Who is who in a feed: ids that stay the same while the window moves."""

import json

from tests.connectors.feed.pages import URL, notices, only, page, rss, skipped


def ids(*items: str) -> list[str]:
    return [notice.source_id for notice in notices(page(rss(*items)))]


def test_the_guid_is_the_identity() -> None:
    notice = only(
        page(rss('<title>A</title><link>https://www.example.org/a</link><guid isPermaLink="false">865</guid>'))
    )
    assert (notice.source_id, notice.url) == ("865", "https://www.example.org/a")


def test_without_a_guid_the_canonical_address_is() -> None:
    notice = only(page(rss("<title>A</title><link>../a?id=7&amp;utm_source=rss&amp;fbclid=x</link>")))
    assert notice.source_id == notice.url == "https://www.example.org/a?id=7"


def test_without_both_a_digest_of_title_and_text_is_and_the_feed_is_the_address() -> None:
    first = only(page(rss("<title>A</title><description>b</description>")))
    again = only(page(rss("<description>b</description><title>A</title>")))
    other = only(page(rss("<title>A</title><description>c</description>")))
    assert first.source_id == again.source_id != other.source_id
    assert first.url == URL


def test_items_that_share_one_guid_are_told_apart_by_address_and_stay_so_when_the_window_moves() -> None:
    old = [f"<title>{n}</title><link>https://www.example.org/{n}</link><guid>tutti</guid>" for n in "abc"]
    new = "<title>d</title><link>https://www.example.org/d</link><guid>tutti</guid>"
    before, after = ids(*old), ids(new, *old[:2])
    assert len(set(before)) == 3
    assert after[1:] == before[:2]


def test_items_that_share_guid_and_address_are_told_apart_by_their_title() -> None:
    items = [f"<title>{n}</title><link>https://www.example.org/</link><guid>x</guid>" for n in ("uno", "due")]
    assert len(set(ids(*items))) == 2
    assert ids(*items) == ids(*reversed(items))[::-1]


def test_the_same_item_twice_is_one_notice_and_is_counted_as_skipped() -> None:
    item = "<title>A</title><link>https://www.example.org/a</link><guid>1</guid>"
    assert ids(item, item) == ["1"]
    assert skipped(page(rss(item, item))) == ["the same item again"]


def test_a_permalink_that_is_an_address_becomes_the_link() -> None:
    assert (
        only(page(rss("<title>A</title><guid>https://www.example.org/p/1</guid>"))).url == "https://www.example.org/p/1"
    )


def test_a_permalink_that_is_no_address_becomes_neither_link_nor_a_made_up_id() -> None:
    notice = only(page(rss('<title>A</title><guid isPermaLink="true">7bd204c6-aaaa</guid>')))
    assert (notice.source_id, notice.url) == ("7bd204c6-aaaa", URL)


def test_an_item_with_nothing_in_it_is_skipped() -> None:
    assert skipped(page(rss("<title></title><link/><description> </description>"))) == [
        "empty item: no title, text or link"
    ]


def test_the_address_behind_feedburner_comes_first() -> None:
    body = rss(
        "<title>A</title><link>https://feeds.example/~r/1</link><fb:origLink>https://www.example.org/a</fb:origLink>"
    )
    body = body.replace("<rss ", '<rss xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0" ')
    assert only(page(body)).url == "https://www.example.org/a"


def test_relative_links_obey_the_nearest_base() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://www.example.org/"><title>x</title>'
        '<entry xml:base="/bandi/"><title>A</title><id>urn:1</id><link href="7.html"/>'
        '<link rel="enclosure" href="7.pdf" type="application/pdf"/>'
        '<content type="html">&lt;a href="allegato.docx"&gt;modulo&lt;/a&gt;</content></entry></feed>'
    )
    notice = only(page(body))
    assert notice.url == "https://www.example.org/bandi/7.html"
    assert [(d.url, d.title) for d in notice.documents] == [
        ("https://www.example.org/bandi/7.pdf", None),
        ("https://www.example.org/bandi/allegato.docx", "modulo"),
    ]


def test_a_link_that_is_not_http_is_not_taken() -> None:
    notice = only(page(rss("<title>A</title><link>javascript:alert(1)</link><guid isPermaLink='false'>1</guid>")))
    assert notice.url == URL


def test_a_strong_key_is_given_only_for_an_address_that_one_item_has() -> None:
    shared = [f"<title>{n}</title><link>https://www.example.org/</link><guid>{n}</guid>" for n in "ab"]
    own = "<title>c</title><link>https://www.example.org/c</link><guid>c</guid>"
    assert [notice.same_as for notice in notices(page(rss(*shared, own)))] == [
        (),
        (),
        ("url:https://www.example.org/c",),
    ]


def test_a_json_item_without_an_id_is_skipped_and_a_number_is_taken_as_text() -> None:
    items = [{"id": 3.5, "title": "A"}, {"id": " ", "title": "B"}, {"title": "C"}, {"id": True, "title": "D"}, "E"]
    feed = page(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}), "application/json")
    assert [notice.source_id for notice in notices(feed)] == ["3.5"]
    assert len(skipped(feed)) == 4
