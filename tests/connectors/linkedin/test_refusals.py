"""What LinkedIn refuses with, as a whole visit meets it: the class, the way out, and not one request too many."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from aggregator.intake import sources
from aggregator.intake.pipeline import read_source
from aggregator.intake.result import Result
from aggregator.intake.tables import sources as rows
from aggregator.store.secrets import Vault
from aggregator.store.session import Store
from aggregator.store.tables import moment
from config.settings import Settings
from connectors.base.contract import FetchError, Page, ParamError
from connectors.linkedin.answers import refusal, until_midnight
from tests.connectors.linkedin.conftest import NOW, connection, page_of
from tests.portals.linkedin import LinkedInPortal
from tests.portals.server import Answer, Fault

TOKEN = "/oauth/v2/accessToken"


@pytest.fixture
def portal() -> Iterator[LinkedInPortal]:
    # The clock of a visit is that of the machine.
    with LinkedInPortal(posts=60) as running:
        yield running


def pull(store: Store, portal: LinkedInPortal, **params: Any) -> Result:
    settings = Settings(loopback_hosts=("127.0.0.1",))
    given = portal.params | {"version": portal.versions()[5]} | params
    with store.write() as database:
        if "page" not in sources.names(database):
            sources.add(database, "page", connector="linkedin", params=given, now=datetime.now(UTC))
    vault = Vault(store, settings.home)
    if vault.get("linkedin") is None:
        vault.put("linkedin", connection(portal, datetime.now(UTC)).text())
    return read_source(store, "page", settings=settings)


def paths(portal: LinkedInPortal) -> list[str]:
    return [call.path.rpartition("/")[2] for call in portal.calls]


def test_a_page_is_read_and_the_second_visit_finds_nothing_new(store: Store, portal: LinkedInPortal) -> None:
    first = pull(store, portal)
    assert (first.kind, first.complete, first.new) == ("ok", True, 60)
    again = pull(store, portal)
    assert (again.kind, again.new, again.changed) == ("same", 0, 0)


def test_F24_a_token_that_was_ended_is_renewed_once_and_the_visit_goes_on(store: Store, portal: LinkedInPortal) -> None:
    Vault(store, Settings().home).put("linkedin", connection(portal, datetime.now(UTC)).text())
    portal.expire()
    assert pull(store, portal).kind == "ok"
    assert paths(portal) == ["posts", "accessToken", "posts", "posts"]


def test_F24_a_withdrawn_consent_is_for_a_person_and_says_how_to_connect_again(
    store: Store, portal: LinkedInPortal
) -> None:
    Vault(store, Settings().home).put("linkedin", connection(portal, datetime.now(UTC)).text())
    portal.disconnect()
    done = pull(store, portal)
    assert done.kind == "auth"
    assert "connect with: worldwidewe linkedin connect" in str(done.error)
    # LinkedIn's own words repeat the token; ours do not.
    assert "refresh-1" not in str(done.error)
    assert paths(portal) == ["posts", "accessToken"]


def test_a_token_that_is_refused_again_after_its_renewal_ends_the_visit(store: Store, portal: LinkedInPortal) -> None:
    refused = Answer(401, b'{"status":401,"code":"EXPIRED_ACCESS_TOKEN","message":"no"}')
    portal.fail(Fault(answer=refused, when=lambda call: call.path == "/rest/posts", times=0))
    assert pull(store, portal).kind == "auth"
    assert paths(portal) == ["posts", "accessToken", "posts"]


def test_a_version_that_was_switched_off_is_a_matter_of_configuration_and_asked_once(
    store: Store, portal: LinkedInPortal
) -> None:
    done = pull(store, portal, version="202207")
    assert done.kind == "config"
    assert "version: LinkedIn does not answer version '202207' any more" in str(done.error)
    assert "worldwidewe sources set NAME version=YYYYMM" in str(done.error)
    assert paths(portal) == ["posts"]


def test_a_person_without_a_role_on_the_page_is_told_so(store: Store, portal: LinkedInPortal) -> None:
    portal.role = False
    done = pull(store, portal)
    assert done.kind == "auth"
    assert "has no role on this page" in str(done.error)
    assert paths(portal) == ["posts"]


def test_calls_that_are_used_up_wait_until_midnight_in_utc(store: Store, portal: LinkedInPortal) -> None:
    portal.calls_left = 1
    done = pull(store, portal)
    assert done.kind == "throttled"
    assert done.new == 50
    assert paths(portal) == ["posts", "posts"]
    with store.read() as database:
        following = moment(database.scalars(sa.select(rows.c.next_visit)).one())
    assert following > datetime.now(UTC)
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert (following - midnight).total_seconds() >= 86_400 - 5


def test_the_wait_ends_at_midnight_and_is_never_nothing() -> None:
    assert until_midnight(NOW) == 14.5 * 3600
    assert until_midnight(NOW.replace(hour=23, minute=59, second=59, microsecond=999_999)) == 1.0


def test_a_wait_that_the_server_names_goes_before_ours() -> None:
    told = refusal(error(429, headers={"retry-after": "90"}), version="202607", now=NOW)
    assert isinstance(told, FetchError)
    assert told.retry_after == 90


@pytest.mark.parametrize("body", ["", "<html>no</html>", "[]", '{"message": {"a": 1}}'])
@pytest.mark.parametrize("status", [401, 403, 426, 429])
def test_a_refusal_without_its_words_is_understood_by_its_status(status: int, body: str) -> None:
    told = refusal(error(status, body=body), version="202607", now=NOW)
    assert isinstance(told, ParamError) == (status == 426)


def error(status: int, *, body: str = "{}", **more: Any) -> Page:
    return page_of(body, status=status, **more)


def test_a_deleted_post_is_withdrawn_by_two_sweeps(store: Store, portal: LinkedInPortal) -> None:
    pull(store, portal)
    portal.delete(2)
    settings = Settings(loopback_hosts=("127.0.0.1",))
    withdrawn = [read_source(store, "page", settings=settings, mode="sweep").withdrawn for _ in range(2)]
    assert withdrawn == [0, 2]


def test_a_sweep_that_was_cut_short_withdraws_nothing(store: Store, portal: LinkedInPortal) -> None:
    pull(store, portal)
    portal.delete(2)
    portal.lying = True
    settings = Settings(loopback_hosts=("127.0.0.1",))
    done = [read_source(store, "page", settings=settings, mode="sweep") for _ in range(3)]
    assert [(each.kind, each.withdrawn) for each in done] == [("partial", 0)] * 3


@pytest.mark.parametrize("body", [b"<html><title>Sign in</title><input type=password></html>", b"{}", b"[]", b"\xff{"])
def test_what_is_no_list_is_no_empty_page(store: Store, portal: LinkedInPortal, body: bytes) -> None:
    portal.fail(Fault(answer=Answer(200, body), when=lambda call: call.path == "/rest/posts", times=0))
    assert pull(store, portal).kind in {"drift", "suspicious"}


def test_a_login_that_answers_with_no_token_changes_nothing_in_the_vault(store: Store, portal: LinkedInPortal) -> None:
    vault = Vault(store, Settings().home)
    vault.put("linkedin", connection(portal, datetime.now(UTC)).text())
    before = vault.get("linkedin")
    portal.expire()
    portal.fail(Fault(answer=Answer(200, b'{"access_token": ""}'), when=lambda call: call.path == TOKEN))
    assert pull(store, portal).kind == "drift"
    assert vault.get("linkedin") == before
    assert pull(store, portal).kind == "ok"
