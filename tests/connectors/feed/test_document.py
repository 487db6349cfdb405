"""What is a feed, and what is not: sniffing, charsets, ill-formed and hostile XML."""

import json
import time
from pathlib import Path

import pytest

from connectors.base.contract import ParseError
from connectors.generic import feed
from tests.connectors.feed.pages import notices, only, page, readings, rss, skipped, title

ITEM = "<title>Bando</title><link>https://www.example.org/a</link><guid>1</guid>"


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/plain", "application/octet-stream", "", "application/json"]
)
def test_a_feed_is_known_by_its_text_and_not_by_its_content_type(content_type: str) -> None:
    assert title(only(page(rss(ITEM), content_type))) == "Bando"


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html><body><form>Accedi</form></body></html>",
        "\n\n  <html lang='it'><head><title>Manutenzione</title></head></html>",
        '<?xml version="1.0"?><!-- x --><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml"/>',
    ],
)
def test_F5_a_web_page_in_the_place_of_a_feed_is_refused(body: str) -> None:
    with pytest.raises(ParseError, match="not a feed: a web page"):
        readings(page(body))


def test_a_web_page_that_names_its_feed_is_refused_with_the_feed_s_address() -> None:
    head = (
        '<link rel="stylesheet" href="/a.css"><link rel="alternate" type="text/html" hreflang="en" href="/en">'
        '<link rel="alternate" type="application/rss+xml" href="/bandi/feed.xml?utm_source=x">'
        '<link rel="alternate" type="application/atom+xml" href="javascript:alert(1)">'
    )
    body = f"<!doctype html><html><head>{head}</head></html>"
    with pytest.raises(ParseError, match=r"which names as its feed https?://[^/]+/bandi/feed\.xml$"):
        readings(page(body))


@pytest.mark.parametrize("body", ["", "  \n\ufeff ", "\0"])
def test_an_empty_answer_is_an_error_and_not_an_empty_feed(body: str) -> None:
    with pytest.raises(ParseError, match="empty"):
        readings(page(body))


@pytest.mark.parametrize(
    "body",
    ["Service unavailable", "<sitemap><url>x</url></sitemap>", '{"items": []}', "[]", "cb({});", "<rss", "%PDF-1.7"],
)
def test_what_is_no_feed_is_refused(body: str) -> None:
    with pytest.raises(ParseError, match="feed"):
        readings(page(body))


def test_F12_a_json_feed_that_is_cut_off_is_refused_whole() -> None:
    whole = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "A"}, {"id": "2", "title": "B"}]}
    )
    with pytest.raises(ParseError, match="cut off"):
        readings(page(whole[:-12]))


def test_F12_an_xml_feed_that_is_cut_off_gives_its_whole_items_and_never_half_a_one() -> None:
    items = [
        f"<title>B{n}</title><link>https://www.example.org/{n}</link><description>scade il 31/12/2026</description>"
        for n in range(3)
    ]
    body = rss(*items)
    given = page(body[: body.rindex("31/12")])
    assert [title(notice) for notice in notices(given)] == ["B0", "B1"]
    assert skipped(given) == ["the feed is cut off inside this item"]


def test_F12_a_broken_feed_without_an_entry_is_refused() -> None:
    with pytest.raises(ParseError, match="broken and holds no entry"):
        readings(page('<rss version="2.0"><channel><title>x</title></chan'))


@pytest.mark.parametrize(
    ("wrong", "read"),
    [
        ("Acqua & sale", "Acqua & sale"),
        ("R&D", "R&D"),
        ("Caff&egrave;&nbsp;nero", "Caffè nero"),
        ("Pane\x0b e\x01 vino", "Pane e vino"),
        ("Ora&sconosciuta; ok", "Ora&sconosciuta; ok"),
    ],
)
def test_an_ill_formed_title_is_read_after_repair(wrong: str, read: str) -> None:
    second = "<title>Altro</title><link>https://www.example.org/b?x=1&y=2</link>"
    both = notices(page(rss(ITEM.replace("Bando", wrong), second)))
    assert [title(notice) for notice in both] == [read, "Altro"]
    assert both[1].url == "https://www.example.org/b?x=1&y=2"


def test_blank_lines_and_a_comment_before_the_declaration_do_no_harm() -> None:
    assert title(only(page("\ufeff\n\n<!-- cache -->\n" + rss(ITEM)))) == "Bando"


def test_P12_the_declared_charset_decides_and_latin_1_means_windows_1252() -> None:
    body = rss(ITEM.replace("Bando", "Città – 5 €")).replace("utf-8", "ISO-8859-1").encode("cp1252")
    assert title(only(page(body, "text/xml"))) == "Città – 5 €"


def test_P12_http_comes_before_the_declaration() -> None:
    body = rss(ITEM.replace("Bando", "Łódź")).replace("utf-8", "iso-8859-1").encode("iso-8859-2")
    assert title(only(page(body, "application/xml; charset=iso-8859-2"))) == "Łódź"


def test_F11_a_declaration_that_gives_mojibake_yields_to_sound_utf_8() -> None:
    body = rss(ITEM.replace("Bando", "Città è più")).replace("utf-8", "windows-1252").encode()
    assert title(only(page(body, "text/xml"))) == "Città è più"


@pytest.mark.parametrize("label", ["inventato", "utf-7", "utf-16"])
def test_P12_a_charset_that_is_unknown_or_cannot_be_is_passed_over(label: str) -> None:
    assert title(only(page(rss(ITEM.replace("Bando", "Città")).replace("utf-8", label)))) == "Città"


def test_P12_without_any_declaration_bytes_that_are_no_utf_8_are_windows_1252() -> None:
    body = rss(ITEM.replace("Bando", "Città")).replace('<?xml version="1.0" encoding="utf-8"?>', "").encode("cp1252")
    assert title(only(page(body, "text/xml"))) == "Città"


@pytest.mark.parametrize("named", ["http://127.0.0.1:9/feed.xml", "feed:http://127.0.0.1:9/", "ftp://127.0.0.1:9/x"])
def test_P4_a_body_that_is_an_address_is_not_fetched(named: str) -> None:
    with pytest.raises(ParseError):
        readings(page(named))


def test_P4_a_body_that_is_a_file_name_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.xml").write_text(rss(ITEM), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("secret.xml", str(tmp_path / "secret.xml"), "/etc/passwd"):
        with pytest.raises(ParseError):
            readings(page(name))


def test_P5_a_billion_laughs_stay_unheard() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = rss(ITEM.replace("Bando", "Bando &l9;"))
    body = body.replace("<rss ", f'<!DOCTYPE rss [<!ENTITY l0 "ah">{entities}]><rss ', 1)
    begun = time.monotonic()
    assert all(len(title(notice)) < 200 for notice in notices(page(body)))
    assert time.monotonic() - begun < 5


def test_P5_an_external_entity_is_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("segreto-piantato", encoding="utf-8")
    body = rss(ITEM.replace("Bando", "Bando &x;"))
    body = body.replace("<rss ", f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss ', 1)
    read = notices(page(body))
    assert read
    assert "segreto-piantato" not in "".join(notice.model_dump_json() for notice in read)


def test_a_feed_without_items_is_an_empty_feed_and_no_error() -> None:
    assert readings(page(rss())) == []
    assert readings(page('{"version": "https://jsonfeed.org/version/1.1", "items": []}')) == []


def test_a_page_that_says_nothing_changed_has_no_records() -> None:
    given = page(b"")
    unchanged = type(given)(url=given.url, body=b"", fetched_at=given.fetched_at, status=304, unchanged=True)
    assert list(feed.split(unchanged)) == []


@pytest.mark.parametrize("version", ["0.91", "0.92", "2.0"])
def test_every_rss_version_is_read(version: str) -> None:
    assert title(only(page(rss(ITEM).replace('version="2.0"', f'version="{version}"')))) == "Bando"


def test_rss_1_0_is_read_where_items_stand_beside_the_channel() -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://www.example.org/"><title>x</title></channel>'
        '<item rdf:about="https://www.example.org/1"><title>Avviso</title><link>https://www.example.org/1</link>'
        "<dc:date>2026-11-20T08:00:00+01:00</dc:date><dc:language>it</dc:language></item></rdf:RDF>"
    )
    notice = only(page(body))
    assert (notice.source_id, title(notice), notice.lang) == ("https://www.example.org/1", "Avviso", "it")
    assert str(notice.published_at) == "2026-11-20 08:00:00+01:00"
