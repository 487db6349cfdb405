"""What a robots.txt says, by RFC 9309: groups, wildcards and the longest match; and what it is when it is none."""

import time

import pytest

from connectors.base.contract import FetchError
from connectors.base.robots import LONGEST, delay_for
from tests.connectors.client.attack import zipped
from tests.connectors.client.hostile import Hostile, answer
from tests.connectors.conftest import MakeClient
from tests.connectors.memory import DictMemory

US = "worldwidewe/1.0 (+https://contact.example.org/robots)"


def allowed(rules: str, path: str) -> bool:
    try:
        delay_for(f"https://portal.example.org{path}", rules, US)
    except FetchError as exc:
        return exc.kind != "blocked"
    return True


@pytest.mark.parametrize(
    ("rules", "open_paths", "closed_paths"),
    [
        ("Disallow: /a", "/ /b", "/a /ab /a/b"),
        ("Disallow: /\nAllow: /calls", "/calls /calls/1", "/ /x"),
        ("Allow: /calls\nDisallow: /calls/drafts", "/calls/1", "/calls/drafts/1"),
        ("Allow: /calls/drafts/open\nDisallow: /calls/drafts", "/calls/drafts/open/1", "/calls/drafts/1"),
        ("Disallow: /page\nAllow: /page", "/page", ""),
        ("Disallow: /*?page=", "/calls /calls?p=1", "/calls?page=2"),
        ("Disallow: /*.pdf$", "/a.pdf?x /a.pdfs", "/a.pdf /b/c.pdf"),
        ("Disallow: /a*b*c", "/ab /ac", "/abc /a1b2c3"),
        ("Disallow:", "/ /a", ""),
        ("Disallow: /città", "/citta", "/citt%C3%A0/1"),
        ("Disallow: /a # and so on\nnonsense\n: x", "/b", "/a"),
    ],
)
def test_F21_the_longest_rule_that_fits_decides(rules: str, open_paths: str, closed_paths: str) -> None:
    for path in open_paths.split():
        assert allowed(f"User-agent: *\n{rules}", path), path
    for path in closed_paths.split():
        assert not allowed(f"User-agent: *\n{rules}", path), path


@pytest.mark.parametrize(
    ("rules", "open_to_us"),
    [
        ("User-agent: *\nDisallow: /\n\nUser-agent: WorldWideWe\nAllow: /", True),
        ("User-agent: WORLDWIDEWE\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: a\nUser-agent: worldwidewe\nDisallow: /", False),
        ("User-agent: worldwidewe\nDisallow: /x\nUser-agent: worldwidewe\nDisallow: /y", False),
        ("User-agent: otherbot\nDisallow: /", True),
        ("User-agent: contact.example.org\nDisallow: /", True),
        ("User-agent: https\nDisallow: /", True),
        ("Disallow: /", True),
        ("", True),
    ],
)
def test_F21_only_the_rules_that_are_meant_for_us_count(rules: str, open_to_us: bool) -> None:
    assert allowed(rules, "/y") is open_to_us


@pytest.mark.parametrize(
    ("said", "delay"),
    [("10", 10.0), ("0.5", 0.5), ("", 0.0), ("soon", 0.0), ("-3", 0.0), ("1e999", 0.0), ("nan", 0.0)],
)
def test_F21_a_delay_is_read_where_it_is_one(said: str, delay: float) -> None:
    assert delay_for("https://portal.example.org/", f"User-agent: *\nCrawl-delay: {said}", US) == delay


@pytest.mark.parametrize(
    "rule",
    [
        "Disallow: /*a*a*a*a*a*a*a*a*a*a*a*b$\n",
        "User-agent: x\n",
        "Allow: $$$$$$$$\n",
        "Disallow: /" + "*" * 400 + "\n",
    ],
)
def test_F21_rules_that_were_made_to_be_slow_are_read_soon(rule: str) -> None:
    rules = "User-agent: *\n" + rule * (LONGEST // len(rule))
    begun = time.thread_time()

    for number in range(20):
        allowed(rules, "/" + "a" * 2000 + str(number))

    assert time.thread_time() - begun < 8


def test_F21_of_a_robots_txt_without_an_end_the_beginning_is_read_and_obeyed(
    hostile: Hostile, make_client: MakeClient, memory: DictMemory
) -> None:
    rules = b"User-agent: *\nDisallow: /closed\n" + b"# and so on\n" * 600_000
    for huge in (answer(body=rules), zipped(rules), zipped(rules + b"\0" * 50_000_000)):
        memory.kept.clear()
        hostile.on("/robots.txt", huge)
        client = make_client(obey_robots=True)

        assert client.get(hostile.on("/open", answer(body=b"x"))).body == b"x"
        with pytest.raises(FetchError, match=r"robots\.txt does not allow"):
            client.get(hostile.url("/closed"))
        assert len(memory.kept[f"robots:{hostile.url()}".rstrip("/")]) < LONGEST * 1.2
        assert client.bytes < 1_200_000


def test_F21_a_web_page_in_the_place_of_robots_txt_forbids_nothing(hostile: Hostile, make_client: MakeClient) -> None:
    soft = b"<!doctype html>\nUser-agent: *\nDisallow: /\n<p>Not found</p>"
    hostile.on("/robots.txt", answer(body=soft, content_type="text/html"))

    assert make_client(obey_robots=True).get(hostile.on("/x", answer(body=b"x"))).body == b"x"


def test_F21_a_robots_txt_behind_a_redirect_is_obeyed_and_one_that_leads_away_is_none(
    hostile: Hostile, make_client: MakeClient, memory: DictMemory
) -> None:
    hostile.on("/robots.txt", answer(301, location="/rules"))
    hostile.on("/rules", answer(body=b"User-agent: *\nDisallow: /x"))
    hostile.on("/x", answer(body=b"x"))
    with pytest.raises(FetchError, match=r"robots\.txt"):
        make_client(obey_robots=True).get(hostile.url("/x"))

    memory.kept.clear()
    hostile.on("/robots.txt", answer(301, location="http://evil.example/robots.txt"))
    assert make_client(obey_robots=True).get(hostile.url("/x")).body == b"x"

    memory.kept.clear()
    hostile.on("/robots.txt", answer(301, location="/robots.txt"))
    assert make_client(obey_robots=True).get(hostile.url("/x")).body == b"x"


def test_F21_a_robots_txt_that_cannot_be_read_closes_the_site_until_it_can(
    hostile: Hostile, make_client: MakeClient
) -> None:
    hostile.on("/robots.txt", answer(body=b"\x1b\x00", content_encoding="br"), answer(body=b""))
    hostile.on("/x", answer(body=b"x"))

    with pytest.raises(FetchError, match="packed as"):
        make_client(obey_robots=True).get(hostile.url("/x"))
    assert "/x" not in hostile.paths()
    assert make_client(obey_robots=True).get(hostile.url("/x")).body == b"x"
