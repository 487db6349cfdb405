"""Redirects: followed by our own loop, every hop checked, and nothing secret carried elsewhere."""

import pytest

from connectors.base.asking import without_credentials
from connectors.base.body import Limits
from connectors.base.contract import FetchError
from connectors.base.guard import target
from tests.connectors.client.hostile import Hostile, answer
from tests.connectors.client.test_tls_and_proxy import trusting
from tests.connectors.conftest import MakeClient


def test_E6_a_redirect_is_followed_to_the_page_it_names(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/a/old", answer(302, location="../b/new?x=1"))
    hostile.on("/b/new", answer(body=b"here"))

    page = make_client().get(hostile.url("/a/old"))

    assert (page.body, page.url) == (b"here", hostile.url("/b/new?x=1"))
    assert page.request is not None
    assert page.request.url == hostile.url("/a/old")


def test_E6_five_redirects_are_followed_and_six_are_not(hostile: Hostile, make_client: MakeClient) -> None:
    for step in range(6):
        hostile.on(f"/{step}", answer(302, location=f"/{step + 1}"))
    hostile.on("/6", answer(body=b"end"))

    assert make_client().get(hostile.url("/1")).body == b"end"
    with pytest.raises(FetchError, match="more than 5 redirects") as caught:
        make_client().get(hostile.url("/0"))
    assert caught.value.kind == "blocked"


def test_E6_a_redirect_loop_ends(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/a", answer(301, location="/b"))
    hostile.on("/b", answer(301, location="/a"))
    client = make_client(limits=Limits(redirects=3))

    with pytest.raises(FetchError, match="more than 3 redirects"):
        client.get(hostile.url("/a"))
    assert client.requests == 4


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "file:///etc/passwd",
        "FILE:/etc/passwd",
        "javascript:alert(1)",
        "http://evil.example/",
        "//evil.example/",
        "http:\\\\evil.example\\",
        "http://evil.example\\@127.0.0.1/",
        "/\\evil.example/",
        "ht\ttp://evil.example/",
        "",
    ],
)
def test_E6_every_hop_is_checked_like_a_first_address(hostile: Hostile, make_client: MakeClient, location: str) -> None:
    client = make_client()
    hostile.on("/", answer(302, location=location))

    with pytest.raises(FetchError) as caught:
        client.get(hostile.url("/"))

    assert caught.value.kind == "blocked"
    assert client.requests == 1


def test_E6_a_redirect_elsewhere_loses_every_custom_header(
    hostile: Hostile, elsewhere: Hostile, make_client: MakeClient
) -> None:
    hostile.on("/", answer(307, location=elsewhere.url("/there")))
    elsewhere.on("/there", answer(302, location=hostile.url("/back")))
    hostile.on("/back", answer(body=b"x"))
    secret = {"Authorization": "Bearer s", "X-Api-Key": "s", "Cookie": "s=1", "Token": "s", "Accept-Language": "it"}

    make_client().get(hostile.url("/"), headers=secret)

    assert hostile.seen[0].headers["x-api-key"] == "s"
    for later in (elsewhere.seen[0], hostile.seen[1]):
        assert not {"authorization", "x-api-key", "cookie", "token"} & set(later.headers)
        assert later.headers["accept-language"] == "it"


def test_E6_a_redirect_within_an_origin_keeps_its_headers(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/", answer(302, location="/in"))
    hostile.on("/in", answer(body=b"x"))

    make_client().get(hostile.url("/"), headers={"X-Api-Key": "s"})

    assert hostile.seen[1].headers["x-api-key"] == "s"


def test_E6_a_cookie_that_a_server_sets_is_neither_kept_nor_sent(hostile: Hostile, make_client: MakeClient) -> None:
    client = make_client()
    hostile.on("/", answer(body=b"x", set_cookie="session=1"))

    assert "set-cookie" not in client.get(hostile.url("/")).headers
    client.get(hostile.url("/"))

    assert "cookie" not in hostile.seen[1].headers


def test_E6_a_redirect_from_https_to_http_is_refused(
    secure: Hostile, hostile: Hostile, make_client: MakeClient
) -> None:
    secure.on("/", answer(302, location=hostile.url("/plain")))
    hostile.on("/plain", answer(body=b"x"))
    client = trusting(make_client, secure, extra_hosts=("portal.example.org", "127.0.0.1"))

    with pytest.raises(FetchError, match="from https to http") as caught:
        client.get(f"https://portal.example.org:{secure.port}/")

    assert caught.value.kind == "blocked"
    assert hostile.seen == []


@pytest.mark.parametrize("status", [301, 302, 303])
def test_E6_a_search_is_not_turned_into_something_else_by_a_redirect(
    hostile: Hostile, make_client: MakeClient, status: int
) -> None:
    client = make_client()
    hostile.on("/search", answer(status, location="/other"))

    with pytest.raises(FetchError, match="lose its body") as caught:
        client.post_json(hostile.url("/search"), {"q": 1})

    assert (caught.value.kind, client.requests) == ("blocked", 1)


@pytest.mark.parametrize("status", [307, 308])
def test_E6_a_search_is_repeated_within_its_origin_and_never_elsewhere(
    hostile: Hostile, elsewhere: Hostile, make_client: MakeClient, status: int
) -> None:
    hostile.on("/search", answer(status, location="/search/"))
    hostile.on("/search/", answer(body=b"{}"))
    hostile.on("/leak", answer(status, location=elsewhere.url("/search")))

    make_client().post_json(hostile.url("/search"), {"q": "è"})

    assert (hostile.seen[1].method, hostile.seen[1].body) == ("POST", '{"q":"è"}'.encode())
    with pytest.raises(FetchError, match="to another host"):
        make_client().post_json(hostile.url("/leak"), {"q": 1})
    assert elsewhere.seen == []


def test_E6_a_search_in_parts_is_repeated_within_its_origin_and_never_elsewhere(
    hostile: Hostile, elsewhere: Hostile, make_client: MakeClient
) -> None:
    hostile.on("/search", answer(308, location="/search/?v=2"))
    hostile.on("/search/", answer(body=b"{}"))
    hostile.on("/leak", answer(307, location=elsewhere.url("/search")))
    secret = {"X-Api-Key": "s"}

    make_client().post_json_parts(hostile.url("/search"), {"query": {"q": "è"}}, headers=secret)

    first, second = hostile.seen
    assert (second.method, second.path, second.body) == ("POST", "/search/?v=2", first.body)
    assert second.headers["content-type"] == first.headers["content-type"]
    assert second.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert second.headers["x-api-key"] == "s"
    assert 'Content-Type: application/json\r\n\r\n{"q":"è"}'.encode() in second.body
    with pytest.raises(FetchError, match="to another host"):
        make_client().post_json_parts(hostile.url("/leak"), {"query": {}}, headers=secret)
    assert elsewhere.seen == []


def test_E6_a_change_of_the_way_alone_is_another_origin() -> None:
    """From http to https of the same name: libraries keep the credentials there, and anybody on the way had them."""
    assert "authorization" not in without_credentials({"authorization": "s", "x-api-key": "s", "accept": "a"})
    assert target("http://portal.example.org/").origin != target("https://portal.example.org/").origin
    assert target("https://portal.example.org/").origin != target("https://portal.example.org:8443/").origin


def test_F20_a_permanent_move_is_proposed_and_a_passing_one_is_not(hostile: Hostile, make_client: MakeClient) -> None:
    hostile.on("/old", answer(301, location="/newer"))
    hostile.on("/newer", answer(308, location="/newest"))
    hostile.on("/newest", answer(302, location="/today"))
    hostile.on("/today", answer(body=b"x"))
    hostile.on("/passing", answer(302, location="/newer"))

    moved = make_client()
    moved.get(hostile.url("/old"))
    passing = make_client()
    passing.get(hostile.url("/passing"))

    hostile.on("/robots.txt", answer(301, location="/robots"))
    bound = make_client(obey_robots=True)
    bound.get(hostile.url("/today"))

    assert moved.moved == hostile.url("/newest")
    assert bound.moved is None
    assert passing.moved is None
