"""Flaws that others had, by the numbers under which we keep them (C): each one is tried on us. Here, what comes in.

The one thing to know: where a flaw needs a language for admins (templates, XPath, filters), the test shows that there is
none, and that what looks like one stays the text that it is.
"""

import ast
import gzip
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors import ted
from connectors.base.contract import FetchError, Notice, Page, ParseError
from connectors.base.documents import xml_of
from connectors.base.text import clean_html
from connectors.generic import feed
from tests.connectors.client.hostile import Hostile, answer
from tests.connectors.client.test_advisories import modules
from tests.connectors.conftest import MakeClient
from tests.connectors.visit import SimpleVisit

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def page(body: str | bytes, **params: Any) -> Page:
    given = feed.Params(url="https://portal.example.org/feed", **params)
    data = body.encode() if isinstance(body, str) else body
    headers = {"content-type": "application/xml"}
    return Page(url="https://portal.example.org/feed", body=data, fetched_at=NOW, headers=headers, params=given)


def read(given: Page) -> list[Notice]:
    found = [feed.read(record, given) for record in feed.split(given)]
    return [one for one in found if isinstance(one, Notice)]


def rss(item: str, before: str = "") -> str:
    return f"{before}<rss version='2.0'><channel><title>t</title><item>{item}</item></channel></rss>"


def item(title: str = "Call", description: str = "", link: str = "https://portal.example.org/1") -> str:
    return f"<title>{title}</title><link>{link}</link><description>{description}</description>"


MARKS = ("{{7*7}}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{% for x in ().__class__ %}", "{{ ''.__class__.__mro__ }}")


def test_C14_templates_are_ours_alone(hostile: Hostile, make_client: MakeClient) -> None:
    """No text is ever made a template, and what looks like one goes out as it was entered and comes in as it was read."""
    words = ("from_string", "render_template_string", "Template", "eval", "exec", "compile_expression")
    called = {
        name: ast.unparse(node.func)
        for name, source in modules()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in words
    }
    assert called == {}

    hostile.on("/49", answer(body=b"rendered"))
    asked = hostile.url("/{{7*7}}?q=${7*7}")
    with pytest.raises(FetchError, match="nothing is at this address"):
        list(feed.fetch(SimpleVisit(http=make_client(), params=feed.Params(url=asked))))
    assert hostile.paths() == ["/%7B%7B7*7%7D%7D?q=$%7B7*7%7D"]

    for mark in MARKS:
        (notice,) = read(page(rss(item(f"Call {mark.replace('<', '&lt;')}"))))
        assert "49" not in str(notice.titles)


CSS_BY_ADMINS = ("connectors/generic/html_list/", "connectors/generic/page_watch/")


def test_C15_there_is_no_xpath_and_no_other_path_language_of_admins() -> None:
    """Nothing that evaluates XPath beyond the children of an element is imported. What an admin enters reaches one kind of
    selector, CSS by soupsieve, in the two connectors that are for it (P7)."""
    forbidden = {"lxml", "elementpath", "parsel", "jsonpath", "jsonpath_ng", "jmespath", "jq", "pyjq", "xpath"}
    imported = {
        name: found
        for name, source in modules()
        if (found := forbidden & {named.partition(".")[0] for named in _imports(source)})
    }
    assert imported == {}

    selectors = {"select", "select_one", "find", "findall", "iterfind", "findtext", "xpath", "css"}
    led_by_params = [
        f"{name}: {ast.unparse(node)}"
        for name, source in modules()
        if name.startswith("connectors/")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in selectors
        and any("params" in ast.unparse(given) for given in node.args)
        and not (name.startswith(CSS_BY_ADMINS) and node.func.attr in {"select", "select_one"})
    ]
    assert led_by_params == []
    with pytest.raises(ParseError):
        xml_of(page("<r>{unparsed-text('file:///etc/passwd')}</r"))


def _imports(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_C16_no_parameter_and_no_feed_can_ask_for_the_environment(
    hostile: Hostile, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "c4n4ry-of-the-environment")
    reading = {
        name
        for name, source in modules()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "expandvars")
    }
    assert [name for name in reading if name.startswith("connectors/")] == []

    ways = ("$CANARY", "${CANARY}", "%CANARY%", "{{env.CANARY}}", '{{ env "CANARY" }}', "$ENV.CANARY", "$(printenv)")
    said = "".join(ways)
    hostile.on("/feed", answer(body=rss(item(said, said)).encode()))
    asked = "&".join(way.replace(" ", "").replace('"', "") for way in ways)
    params = feed.Params(url=f"{hostile.url('/feed')}?{asked}", organisation=said)
    (fetched,) = feed.fetch(SimpleVisit(http=make_client(), params=params))
    (notice,) = read(fetched.with_params(params))

    assert "c4n4ry" not in str(hostile.seen) + notice.model_dump_json()
    assert "$CANARY" in next(iter(notice.titles.values())).text


@pytest.mark.parametrize("way", ["feed", "ted", "any XML"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_C17_no_entity_reads_a_file_or_an_address(hostile: Hostile, tmp_path: Path, way: str, encoding: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("c4n4ry-of-the-file", "utf-8")
    readers: dict[str, Any] = {"feed": read, "ted": lambda given: list(ted.split(given)), "any XML": xml_of}
    hostile.on("/x.dtd", answer(body=b"<!ENTITY e 'c4n4ry-of-the-net'>"))
    for system in (secret.as_uri(), str(secret), hostile.url("/x.dtd"), "php://filter/resource=" + str(secret)):
        for subset in (
            f'<!ENTITY e SYSTEM "{system}">',
            f'<!ENTITY % p SYSTEM "{system}"> %p;',
            f'<!ENTITY e PUBLIC "x" "{system}">',
        ):
            prolog = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss SYSTEM "{system}" [{subset}]>'
            text = rss(item("Call &e;", "&e;"), before=prolog)
            try:
                said = str(readers[way](page(text.encode(encoding))))
            except ParseError as exc:
                said = str(exc)
            assert "c4n4ry" not in said
    assert hostile.seen == []


@pytest.mark.parametrize("status", [200, 302, 400, 403, 404, 429, 500, 503])
def test_C26_what_a_server_writes_into_an_error_is_not_repeated(
    hostile: Hostile, make_client: MakeClient, status: int
) -> None:
    evil = "<script>alert(1)</script>"
    told = f"HTTP/1.1 {status} {evil}\r\nlocation: /{evil}\r\nretry-after: {evil}\r\nx-error: {evil}\r\n"
    told += f"content-type: {evil}\r\ncontent-encoding: {evil[:40]}\r\ncontent-length: 25\r\n\r\n{evil}"
    hostile.on("/", told.encode())

    with pytest.raises(FetchError) as caught:
        make_client(pauses=()).get(hostile.url("/"))

    assert "<" not in str(caught.value)


def test_C26_an_address_in_a_message_can_neither_mark_up_a_page_nor_turn_a_terminal(make_client: MakeClient) -> None:
    evil = "http://portal.example.org/<img src=x onerror=alert(1)>\x1b[2J\u202e\r\n\x9b2J\ud800\"'?api_key=c4n4ry"

    with pytest.raises(FetchError) as caught:
        make_client().get(evil)

    shown = str(caught.value)
    assert shown.isprintable()
    assert not {"<", ">", '"'} & set(shown)
    assert "c4n4ry" not in shown


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE",
        "<!DOCTYPE rss [",
        "<!DOCTYPE rss [<!ENTITY",
        "<!DOCTYPE rss []]]><rss version='2.0'><channel/></rss>",
        "<!DOCTYPE>" * 3000 + "<rss version='2.0'/>",
        "<rss version='2.0'><channel><item><title><!--</title></item></channel></rss>",
        "<rss version='2.0'><channel><item><title>&#xFFFFFFFFF; &#0; &#xD800;</title><link>x</link></item></channel></rss>",
        "<rss version='2.0'><channel><item><pubDate>Wed, 99 Xyz 99999 99:99:99 +9999</pubDate></item></channel></rss>",
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><content mode='base64'>!!!</content></entry></feed>",
        "<rss version='2.0' xml:base='http://[::1'><channel><item><link>a</link></item></channel></rss>",
        "<rss><channel><item><enclosure/><category/><guid/></item></channel></rss>",
    ],
)
def test_C32_a_malformed_feed_is_read_or_refused_and_never_crashes_its_reader(body: str) -> None:
    with suppress(ParseError):
        assert all(notice.url for notice in read(page(body)))


@pytest.mark.parametrize("levels", [2, 9])
@pytest.mark.parametrize("between", ["", "\n"], ids=["on one line", "on many"])
def test_C32_entities_that_multiply_are_not_expanded(levels: int, between: str) -> None:
    """A few that a parser would still bear show that nothing is expanded; many, that nothing is even tried."""
    entities = between.join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels + 1))
    bomb = f'<?xml version="1.0"?>{between}<!DOCTYPE rss [{between}<!ENTITY l0 "ha">{between}{entities}{between}]>'
    begun = time.thread_time()
    for prolog in (bomb, f"<!-- <rss> -->{bomb}", bomb.replace("<!DOCTYPE rss", "<!DOCTYPE rss SYSTEM 'a>b[' ")):
        with suppress(ParseError):
            for notice in read(page(rss(item(f"Call &l{levels};", f"&l{levels};"), before=prolog))):
                assert "haha" not in notice.model_dump_json()
    assert time.thread_time() - begun < 3


@pytest.mark.parametrize(
    "evil",
    [
        "<![CDATA[<scr<script>ipt>alert(1)</script>]]>",
        "<![CDATA[<!--><img src=x onerror=alert(1)>-->]]>",
        "&lt;!--[if]>&lt;script&gt;alert(1)&lt;/script&gt;-->",
        "&lt;a href=&quot;java&#x0A;script:alert(1)&quot;&gt;x&lt;/a&gt;",
        "&lt;a href=&quot;feed:javascript:alert(1)&quot;&gt;x&lt;/a&gt;",
        '<![CDATA[<svg><![CDATA[><image xlink:href="]]><img src=x onerror=alert(1)//">]]>',
        "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
        "<div xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></div>",
    ],
)
def test_C32_malformed_markup_in_a_feed_runs_nothing(evil: str) -> None:
    given = page(rss(item(evil, evil) + f"<guid>javascript:alert(1)</guid><comments>{evil}</comments>"))

    for notice in read(given):
        said = f"{[title.text for title in notice.titles.values()]} {notice.summary}"
        assert not {"<script", "<img", "<svg"} & set(said.lower().split())
        body = notice.body.html if notice.body is not None and hasattr(notice.body, "html") else str(notice.body)
        assert clean_html(body).lower().count("script:") == clean_html(body).lower().count("href='") == 0
        assert "onerror=" not in "".join(part.partition(">")[0] for part in body.split("<")[1:])
        assert notice.url.startswith("https://portal.example.org/")


def test_C36_packing_upon_packing_is_refused_before_anything_is_unpacked(
    hostile: Hostile, make_client: MakeClient
) -> None:
    body = b"\0" * 10_000
    for depth in (2, 5, 60):
        body = gzip.compress(body)
        said = ", ".join(["gzip"] * depth)
        with pytest.raises(FetchError, match="which we did not ask for"):
            make_client().get(hostile.on("/", answer(body=body, content_encoding=said)))
    several = (
        b"HTTP/1.1 200 Said\r\ncontent-encoding: gzip\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n" + body
    )
    with pytest.raises(FetchError, match="which we did not ask for"):
        make_client().get(hostile.on("/", several))


def test_C36_one_small_piece_of_an_answer_cannot_become_hundreds_of_megabytes(hostile: Hostile) -> None:
    """Read in a process that may take 256 MB in all, as a library that unpacks a piece at once could not."""
    hostile.on("/", answer(body=gzip.compress(b"\0" * 400_000_000), content_encoding="gzip"))
    program = textwrap.dedent(
        f"""
        import resource
        from tests.connectors.conftest import ABOUT, LOOPBACK
        from connectors.base.client import Client
        from connectors.base.contract import FetchError
        from tests.connectors.memory import DictMemory
        resource.setrlimit(resource.RLIMIT_AS, (256 * 2**20, 256 * 2**20))
        try:
            Client(about=ABOUT, memory=DictMemory(), user_agent="worldwidewe/0", egress=LOOPBACK,
                   extra_hosts=("127.0.0.1",), obey_robots=False).get({hostile.url()!r})
        except FetchError as exc:
            print(exc.kind, exc.why)
        """
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert ran.stdout.startswith("blocked the answer unpacks to more than"), ran.stderr


def test_C29_no_picture_and_no_frame_of_a_source_is_ever_asked_for_or_handed_on(
    hostile: Hostile, make_client: MakeClient
) -> None:
    ways = "<img src='{0}'><video poster='{0}'></video><iframe src='{0}'></iframe><object data='{0}'></object>"
    ways += "<link rel=stylesheet href='{0}'><style>@import '{0}'</style><p style='background:url({0})'>x</p>"
    inside = ways.format(hostile.url("/pixel"))
    hostile.on("/feed", answer(body=rss(item("Call", f"<![CDATA[{inside}]]>")).encode()))
    params = feed.Params(url=hostile.url("/feed"))
    (fetched,) = feed.fetch(SimpleVisit(http=make_client(), params=params))
    (notice,) = read(fetched.with_params(params))

    assert hostile.paths() == ["/feed"]
    assert "/pixel" not in notice.model_dump_json()
    assert clean_html(inside) == "<p>x</p>"
