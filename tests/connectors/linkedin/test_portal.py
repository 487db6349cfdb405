"""The simulator refuses as the platform does, changes as it is told, and answers in the recorded shape."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.connectors.linkedin.conftest import NOW
from tests.portals.linkedin import LinkedInPortal
from tests.portals.linkedin_content import PAGE, post

LIST = "/rest/posts?q=author&author=urn%3Ali%3Aorganization%3A70112233&count=2"
SOUND = {"LinkedIn-Version": "202607", "X-Restli-Protocol-Version": "2.0.0"}


def ask(portal: LinkedInPortal, path: str = LIST, **headers: str) -> tuple[int, dict[str, Any]]:
    token = portal.tokens()["access_token"]
    sent = (
        {"Authorization": f"Bearer {token}"} | SOUND | {name.replace("_", "-"): said for name, said in headers.items()}
    )
    try:
        with urllib.request.urlopen(urllib.request.Request(portal.url + path, headers=sent), timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": "Bearer nobody"}, 401, "REVOKED_ACCESS_TOKEN"),
        ({"LinkedIn_Version": "202504"}, 426, "NONEXISTENT_VERSION"),
        ({"LinkedIn_Version": ""}, 426, "NONEXISTENT_VERSION"),
        ({"X_Restli_Protocol_Version": "1.0"}, 400, "PROTOCOL"),
    ],
)
def test_a_call_without_what_it_needs_is_refused(
    portal: LinkedInPortal, headers: dict[str, str], status: int, code: str
) -> None:
    answered, body = ask(portal, **headers)
    assert (answered, body["status"], body["code"]) == (status, status, code)


def test_another_page_is_nobody_s_to_read(portal: LinkedInPortal) -> None:
    assert ask(portal, LIST.replace("70112233", "1"))[0] == 403


def test_the_last_modified_come_first_and_a_link_says_whether_more_follow(portal: LinkedInPortal) -> None:
    changed = portal.edit(5)
    first = ask(portal)[1]
    assert first["elements"][0]["id"] == changed
    assert first["paging"]["links"][0]["rel"] == "next"
    assert ask(portal, f"{LIST}&start=118")[1]["paging"]["links"] == []
    assert ask(portal, f"{LIST}&start=500")[1]["elements"] == []


def test_the_number_of_a_post_begins_with_its_millisecond(portal: LinkedInPortal) -> None:
    newest = portal.posts[-1]
    assert int(newest.id.rpartition(":")[2]) >> 22 == int(newest.at.timestamp() * 1000)
    assert len({one.id for one in portal.posts}) == 120


def test_posts_come_and_go(portal: LinkedInPortal) -> None:
    new = portal.add(visibility="LOGGED_IN")
    assert ask(portal)[1]["elements"][0] == {**portal.posts[-1].json(PAGE), "id": new, "visibility": "LOGGED_IN"}
    gone = portal.delete(3)
    assert not {one.id for one in portal.posts} & set(gone)


def test_the_same_seed_writes_the_same_posts() -> None:
    one, same, other = (post(4, seed=seed, now=NOW).commentary for seed in (1, 1, 2))
    assert one == same
    assert [post(n, seed=1, now=NOW).commentary for n in range(20)] != [
        post(n, seed=2, now=NOW).commentary for n in range(20)
    ]
    assert other


def test_a_post_has_the_fields_of_the_recorded_one() -> None:
    # The key names of the one post that was recorded (2023).
    recorded = {
        *("isReshareDisabledByAuthor", "createdAt", "lifecycleState", "lastModifiedAt", "visibility", "publishedAt"),
        *("author", "id", "distribution", "content", "commentary", "lifecycleStateInfo"),
    }
    assert set(post(1, seed=1, now=NOW).json(PAGE)) == recorded
