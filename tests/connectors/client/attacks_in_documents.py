"""The catalogue of the malicious server, second half: pages that are others, and documents made to be slow or large."""

from collections.abc import Iterator

from connectors.base.body import Limits, decode_text
from connectors.base.contract import Page
from connectors.base.documents import html_of, json_of, xml_of
from connectors.base.text import clean_html, clean_line, plain, visible
from connectors.generic import feed
from tests.connectors.client.attack import Attack, zipped
from tests.connectors.client.hostile import answer


def _json(page: Page) -> object:
    return type(json_of(page)).__name__


def _text(page: Page) -> str:
    return visible(decode_text(page.body, page.headers.get("content-type", ""))[0])


def _feed(page: Page) -> list[str]:
    given = page.with_params(feed.Params(url=page.url))
    read = [feed.read(record, given) for record in feed.split(given)]
    return [str(getattr(one, "titles", one))[:80] for one in read][:3]


def _html(page: Page) -> object:
    found = html_of(page)
    return len(found.select("li a")), len(plain(str(found.body))), len(clean_html(str(found.body)))


def _fragment(page: Page) -> object:
    text = page.body.decode()
    return len(plain(text)) < 500_001, len(clean_html(text)) < 3_000_000, len(clean_line(text, 200)) < 201


def _rss(inside: str, head: str = "") -> bytes:
    items = f"<item><title>Call</title><link>https://example.org/1</link><description>{inside}</description></item>"
    return answer(
        body=f"<?xml version='1.0'?>{head}<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()
    )


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_BOMB = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{_LAUGHS}]>'
_LOGIN = "<html><title>Area riservata | Portale</title><form><input name=p type='password'></form></html>"
_FORMATTING = "<p>" + "".join(f"<b a={n}>" for n in range(5000)) + "</p>" + "<p>x</p>" * 5000


def _html_page(inside: str) -> bytes:
    return zipped(f"<html><body>{inside}</body></html>".encode(), content_type="text/html")


def _in_its_place() -> Iterator[Attack]:
    instead = "unreadable: is not the page: "
    challenge = answer(body=b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script>")
    wall = "blocked: a wall against robots stands before this page"
    yield Attack(
        name="a challenge that says so", plan=lambda: answer(200, b"x", cf_mitigated="challenge"), outcome=wall
    )
    yield Attack(
        name="a challenge of another maker", plan=lambda: answer(202, x_amzn_waf_action="challenge"), outcome=wall
    )
    yield Attack(
        name="a challenge that does not say so",
        plan=lambda: challenge,
        outcome=f"{instead}a wall against robots",
        read=html_of,
    )
    yield Attack(
        name="a login page", plan=lambda: answer(body=_LOGIN.encode()), outcome=f"{instead}a login page", read=html_of
    )
    yield Attack(
        name="a login page for JSON",
        plan=lambda: answer(body=_LOGIN.encode(), content_type="application/json"),
        outcome="unreadable: is not JSON: a login page came in its place",
        read=json_of,
    )
    yield Attack(
        name="maintenance for XML",
        plan=lambda: answer(body=b"<!doctype html><title>Sito in manutenzione</title>"),
        outcome="unreadable: is not XML that we read: a notice of maintenance came in its place",
        read=xml_of,
    )
    yield Attack(
        name="a wall of cookies",
        plan=lambda: answer(body=b"<html><title>Before you continue to the portal</title>"),
        outcome=f"{instead}a wall of cookies",
        read=html_of,
    )


def _documents() -> Iterator[Attack]:
    deep, no_json, no_xml = "<div>" * 30_000, "unreadable: is not JSON", "unreadable: is not XML that we read: "
    many = "unreadable: is HTML that cannot be read: holds more than"
    entity = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>'
    yield Attack(
        name="thirty thousand boxes in one another", plan=lambda: _html_page(deep), outcome="read (0, ", read=_html
    )
    yield Attack(
        name="a hundred thousand attributes",
        plan=lambda: _html_page("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x"),
        outcome="read (0, 1, 8)",
        read=_html,
    )
    yield Attack(name="comments that never end", plan=lambda: _html_page("<!--x>" * 90_000), outcome="read", read=_html)
    yield Attack(name="tags that never end", plan=lambda: _html_page("<a href='" * 60_000), outcome="read", read=_html)
    yield Attack(name="more tags than a page has", plan=lambda: _html_page("<i>" * 60_000), outcome=many, read=_html)
    yield Attack(
        name="a formatting bomb", plan=lambda: zipped(_FORMATTING.encode()), outcome="read (True, ", read=_fragment
    )
    yield Attack(
        name="a pile of accents",
        plan=lambda: zipped(b"e\xcc\x81\xcc\x96" * 100_000),
        outcome="read (True, ",
        read=_fragment,
    )
    yield Attack(name="ampersands alone", plan=lambda: zipped(b"&" * 900_000), outcome="read (True, ", read=_fragment)
    yield Attack(
        name="deep JSON",
        plan=lambda: answer(body=b"[" * 200 + b"]" * 200),
        outcome="unreadable: is JSON nested",
        read=_json,
    )
    yield Attack(name="bottomless JSON", plan=lambda: answer(body=b'{"a":' * 90_000), outcome=no_json, read=_json)
    yield Attack(
        name="JSON of nothing",
        plan=lambda: answer(body=b"[" + b"[]," * 310_000 + b"0]"),
        outcome="unreadable: is JSON of more than",
        read=_json,
    )
    yield Attack(
        name="a number of a million digits", plan=lambda: answer(body=b"9" * 900_000), outcome=no_json, read=_json
    )
    yield Attack(
        name="a number beyond every number", plan=lambda: answer(body=b'{"a":1e999999}'), outcome=no_json, read=_json
    )
    yield Attack(name="a number that is none", plan=lambda: answer(body=b"[NaN]"), outcome=no_json, read=_json)
    yield Attack(name="JSON that breaks off", plan=lambda: answer(body=b'{"a": [1, 2'), outcome=no_json, read=_json)
    yield Attack(
        name="an XML bomb", plan=lambda: answer(body=f"{_BOMB}<rss>&l9;</rss>".encode()), outcome=no_xml, read=xml_of
    )
    yield Attack(
        name="an entity of the machine", plan=lambda: answer(body=entity.encode()), outcome=no_xml, read=xml_of
    )
    yield Attack(
        name="an entity in another encoding",
        plan=lambda: answer(body=f'<?xml version="1.0" encoding="utf-16"?>{entity}'.encode("utf-16")),
        outcome=f"{no_xml}a document type is refused",
        read=xml_of,
    )
    yield Attack(name="bottomless XML", plan=lambda: answer(body=b"<a>" * 90_000), outcome=no_xml, read=xml_of)
    yield Attack(name="XML that breaks off", plan=lambda: answer(body=b"<a><b>x</b>"), outcome=no_xml, read=xml_of)
    yield Attack(name="a bomb in a feed", plan=lambda: _rss("&l9;", _BOMB), outcome="read [", read=_feed)
    yield Attack(
        name="a feed that is the name of a file",
        plan=lambda: answer(body=b"/etc/passwd"),
        outcome="unreadable: not a feed",
        read=_feed,
    )
    yield Attack(
        name="a feed that is an address",
        plan=lambda: answer(body=b"http://169.254.169.254/latest/"),
        outcome="unreadable: not a feed",
        read=_feed,
    )
    yield Attack(name="sections that never end", plan=lambda: _rss("<![CDATA[" * 90_000), outcome="read [", read=_feed)
    yield Attack(
        name="a bottomless feed", plan=lambda: _rss("<a>" * 50_000), outcome="unreadable: a feed that holds", read=_feed
    )


def _signs() -> Iterator[Attack]:
    nul = "<p>a\0b\u202ec\u200bd</p>".encode()
    yield Attack(
        name="NUL and signs that turn text", plan=lambda: answer(body=nul), outcome="read '<p>abcd</p>'", read=_text
    )
    yield Attack(
        name="a mark of another encoding",
        plan=lambda: answer(body=b"\xff\xfea\0\xe8\0"),
        outcome="read 'aè'",
        read=_text,
    )
    yield Attack(
        name="a label that smuggles tags",
        plan=lambda: answer(body=b"+ADw-script+AD4-", content_type="text/html; charset=utf-7"),
        outcome="read '+ADw-script+AD4-'",
        read=_text,
    )
    yield Attack(
        name="a label that lies",
        plan=lambda: answer(body="perché".encode("cp1252"), content_type="text/html; charset=utf-8"),
        outcome="read 'perché'",
        read=_text,
    )
    yield Attack(
        name="a mark and half a sign", plan=lambda: answer(body=b"\xff\xfea\0b"), outcome="read 'a�'", read=_text
    )


_ROW = "<p id='{0}' class='a b'>x <a href='/{0}'>y</a></p>"
_ITEM = "<item><title>{0}</title><guid>{0}</guid></item>"


def _largest() -> Iterator[Attack]:
    words = "<item><title>x</title><description>" + "Words and words. " * 2000 + "</description></item>"
    whole = Limits(whole=30, ratio=10**6)
    yield Attack(
        name="JSON of many values",
        plan=lambda: answer(body=b"[" + b'{"a":1},' * 124_000 + b"0]"),
        outcome="read",
        read=_json,
        limits=whole,
    )
    yield Attack(
        name="JSON of many signs",
        plan=lambda: zipped(b'["' + "\U0001f600è".encode() * 600_000 + b'"]'),
        outcome="read",
        read=_json,
        limits=whole,
    )
    yield Attack(
        name="XML of many elements",
        plan=lambda: answer(body=b"<r>" + b"<a b='1'/>" * 74_000 + b"</r>"),
        outcome="read",
        read=xml_of,
        limits=whole,
    )
    yield Attack(
        name="a long page",
        plan=lambda: _html_page("".join(_ROW.format(n) for n in range(12_400))),
        outcome="read",
        read=_html,
        limits=whole,
    )
    yield Attack(
        name="a page of signs",
        plan=lambda: _html_page("\U0001f600" * 1_000_000),
        outcome="read",
        read=_html,
        limits=whole,
    )
    feed_of = "<rss version='2.0'><channel>{}</channel></rss>"
    yield Attack(
        name="a feed of many items",
        plan=lambda: answer(body=feed_of.format("".join(_ITEM.format(n) for n in range(9_900))).encode()),
        outcome="read",
        read=_feed,
        limits=whole,
    )
    yield Attack(
        name="a feed of many words",
        plan=lambda: zipped(feed_of.format(words * 145).encode()),
        outcome="read",
        read=_feed,
        limits=whole,
    )


DOCUMENTS = [*_in_its_place(), *_documents(), *_signs()]
LARGEST = [*_largest()]
"""Not refused: the most that is still read, so that the memory of a visit can be measured at its worst."""
