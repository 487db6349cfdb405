"""Answers that are not what was asked for: walls, home pages, another language, and pages that never end."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.base.answers import strayed
from connectors.base.contract import FetchError, Page, Request
from connectors.base.pace import VisitOver
from tests.connectors.client.hostile import Hostile, Received, answer
from tests.connectors.conftest import ABOUT, MakeClient


@pytest.mark.parametrize("status", [200, 202, 403, 405, 429, 503])
@pytest.mark.parametrize("header", [{"cf_mitigated": "challenge"}, {"x_amzn_waf_action": "captcha"}])
def test_F5_a_wall_that_says_so_is_blocked_whatever_its_status_and_asked_once(
    hostile: Hostile, make_client: MakeClient, status: int, header: dict[str, str]
) -> None:
    client = make_client()
    url = hostile.on("/", answer(status, b"<p>wait</p>", **header))

    with pytest.raises(FetchError, match="a wall against robots") as caught:
        client.get(url, accept={403})

    assert (caught.value.kind, caught.value.status, client.requests) == ("blocked", status, 1)


def came(asked: str, url: str) -> str | None:
    home = "https://portal.example.org"
    return strayed(
        Page(
            url=url if "//" in url else home + url,
            body=b"",
            fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
            request=Request("GET", home + asked),
        )
    )


@pytest.mark.parametrize(
    "home", ["/", "", "/it", "/en/", "/pt-br/", "/index.html", "/it/index.php", "/home", "/default.aspx"]
)
def test_F20_a_page_that_is_answered_by_the_home_page_has_strayed(home: str) -> None:
    assert came("/calls/12", home) == "the home page of the site answered"
    assert came("/feed.xml?page=2", home) == "the home page of the site answered"


def test_F20_a_page_that_is_answered_by_another_host_has_strayed() -> None:
    assert came("/calls", "https://parked.example.net/calls") == "another host answered, parked.example.net"
    assert came("/calls", "https://login.portal.example.org/") == "another host answered, login.portal.example.org"


@pytest.mark.parametrize(
    ("asked", "url"),
    [
        ("/calls", "/calls"),
        ("/calls", "/calls/"),
        ("/calls", "/it/calls"),
        ("/calls", "https://www.portal.example.org/calls"),
        ("/calls", "http://portal.example.org/calls"),
        ("/", "/it/"),
        ("/it", "/"),
        ("/calls", "/?q=calls"),
        ("/calls", "/news"),
    ],
)
def test_F20_a_page_that_only_stands_elsewhere_has_not_strayed(asked: str, url: str) -> None:
    assert came(asked, url) is None


def test_F20_a_real_answer_tells_that_it_strayed(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/", answer(body=b"welcome"))
    client = make_client()

    page = client.get(hostile.on("/calls", answer(301, location="/")))

    assert strayed(page) == "the home page of the site answered"
    assert strayed(client.get(hostile.url("/"))) is None
    assert client.moved == hostile.url("/")


def test_F22_the_language_asked_for_is_the_connectors_own_on_every_request(
    hostile: Hostile, make_client: MakeClient
) -> None:
    hostile.on("/robots.txt", answer(404))
    hostile.on("/", answer(302, location="/x"))
    hostile.on("/x", answer(body=b"x", content_language="it", vary="accept-language"))
    client = make_client(about=replace(ABOUT, languages="it, en;q=0.5"), obey_robots=True)

    page = client.get(hostile.url("/"))
    client.post_json_parts(hostile.on("/search", answer(body=b"{}")), {"query": {}})

    assert {received.headers["accept-language"] for received in hostile.seen} == {"it, en;q=0.5"}
    assert len(hostile.seen) == 4
    assert page.headers["content-language"] == "it"


def test_F22_without_a_word_of_the_connector_english_is_asked_for_and_never_the_machines_own(
    hostile: Hostile, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANG", "LC_ALL", "LANGUAGE"):
        monkeypatch.setenv(name, "fr_FR.UTF-8")

    make_client().get(hostile.on("/", answer(body=b"x")))

    assert hostile.seen[0].headers["accept-language"] == "en"


def test_F10_pages_without_an_end_end_with_the_time_of_the_visit(hostile: Hostile, make_client: MakeClient) -> None:
    def next_page(connection: object, received: Received) -> None:
        number = int(received.path.partition("page=")[2])
        connection.sendall(answer(body=str(number + 1).encode()))  # type: ignore[attr-defined]

    hostile.on("/", next_page)
    client = make_client(time_limit=0.5)

    def read_on() -> None:
        page = b"1"
        for _ in range(1_000_000):
            page = client.get(hostile.url("/?page=" + page.decode())).body

    with pytest.raises(VisitOver, match="time limit"):
        read_on()
    assert client.requests > 2
    assert client.requests - len(hostile.seen) in (0, 1)  # the last one may have been cut off on its way
