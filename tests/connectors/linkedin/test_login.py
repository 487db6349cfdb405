"""The connection: made once by a person, kept as one secret, renewed before it is used, and told of before it ends."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import linkedin
from connectors.base.client import Client
from connectors.base.contract import FetchError, ParamError, ParseError
from connectors.linkedin.login import access, authorization_url, code_in, exchanged, renewed
from connectors.linkedin.tokens import Connection, expiring, new, opened
from tests.connectors.linkedin.conftest import NOW, MakeVisit, connection
from tests.portals.linkedin import CLIENT, SECRET, LinkedInPortal

DAY = timedelta(days=1)
URL = "https://www.linkedin.com/oauth/v2/accessToken"


def kept(**fields: Any) -> Connection:
    given: dict[str, Any] = {
        "client_id": "app",
        "client_secret": "hush",
        "access": "a-1",
        "access_until": NOW + 60 * DAY,
        "refresh": "r-1",
        "refresh_until": NOW + 365 * DAY,
    }
    return Connection(**given | fields)


def test_the_address_of_the_consent_carries_what_the_login_wants() -> None:
    url = authorization_url(linkedin.Params(), client_id="app", redirect="http://localhost/x", state="s 1", scope="a b")
    assert url.startswith("https://www.linkedin.com/oauth/v2/authorization?")
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "client_id": ["app"],
        "redirect_uri": ["http://localhost/x"],
        "state": ["s 1"],
        "scope": ["a b"],
    }
    assert "scope=a%20b" in url


def test_a_code_is_taken_only_with_our_own_state() -> None:
    assert code_in(" http://localhost/x?code=c%2F1&state=mine\n", state="mine") == "c/1"
    for address in ("http://localhost/x?code=c", "http://localhost/x?code=c&state=theirs", "c", "http://[::1", ""):
        with pytest.raises(ParamError, match="does not carry the state"):
            code_in(address, state="mine")


def test_a_consent_that_was_not_given_is_told_in_the_words_of_the_platform() -> None:
    address = "http://localhost/x?error=user_cancelled_authorize&error_description=The+user+cancelled&state=mine"
    with pytest.raises(ParamError, match="LinkedIn says no: The user cancelled"):
        code_in(address, state="mine")
    with pytest.raises(ParamError, match="carries no code"):
        code_in("http://localhost/x?state=mine", state="mine")


def test_a_code_becomes_a_connection_and_is_good_for_one(portal: LinkedInPortal, loopback_client: Client) -> None:
    params = linkedin.Params(**portal.params)
    url = authorization_url(params, client_id=CLIENT, redirect="http://localhost/x", state="s")
    back = loopback_client.get(url, accept=(302,)).headers["location"]
    given: dict[str, Any] = {"client_id": CLIENT, "client_secret": SECRET, "redirect": "http://localhost/x", "now": NOW}
    made = exchanged(loopback_client, params, code=code_in(back, state="s"), **given)
    assert made.access_until == NOW + 60 * DAY
    assert made.ends == NOW + 365 * DAY
    with pytest.raises(FetchError, match="invalid_grant") as refused:
        exchanged(loopback_client, params, code=code_in(back, state="s"), **given)
    assert refused.value.kind == "auth"


def test_the_secret_reads_back_and_shows_itself_nowhere() -> None:
    one = kept()
    assert opened(one.text(), "linkedin") == one
    assert not any(word in repr(one) for word in ("hush", "a-1", "r-1"))


@given(st.text(max_size=60) | st.sampled_from(['{"client_id": 1}', "null", "[]", '{"access_until": "yesterday"}']))
def test_what_is_no_connection_is_a_matter_for_a_person_and_not_repeated(text: str) -> None:
    with pytest.raises(FetchError) as error:
        opened(text, "linkedin")
    assert error.value.kind == "auth"
    assert "worldwidewe linkedin connect" in str(error.value)
    assert error.value.__suppress_context__


def test_renewing_does_not_move_the_end_of_the_refresh_token() -> None:
    later = NOW + 59 * DAY
    after = kept().renewed({"access_token": "a-2", "expires_in": 5_184_000}, now=later, url=URL)
    assert (after.access, after.refresh, after.ends) == ("a-2", "r-1", NOW + 365 * DAY)
    assert after.days(later) == 306


def test_a_new_refresh_token_replaces_the_old_one_and_its_end() -> None:
    answer = {"access_token": "a-2", "expires_in": 60, "refresh_token": "r-2", "refresh_token_expires_in": 86_400}
    after = kept().renewed(answer, now=NOW, url=URL)
    assert (after.refresh, after.ends) == ("r-2", NOW + DAY)
    unknown = kept().renewed({**answer, "refresh_token_expires_in": None}, now=NOW, url=URL)
    assert (unknown.ends, unknown.days(NOW)) == (None, None)


@pytest.mark.parametrize("seconds", [None, 0, -1, True, "60", 1.5, 10**12])
def test_an_answer_without_a_life_is_no_token(seconds: object) -> None:
    with pytest.raises(ParseError, match="no token and how long it lives"):
        new({"access_token": "a", "expires_in": seconds}, client_id="x", client_secret="y", now=NOW, url=URL)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (11, None),
        (9.5, "ends in 9 days"),
        (2.9, "ends in 2 days"),
        (1.5, "ends in 1 day, on"),
        (0.5, "ends today or tomorrow"),
        (-1, "has ended on"),
    ],
)
def test_a_person_hears_of_the_end_ten_days_before(days: float, said: str | None) -> None:
    told = expiring(kept(refresh_until=NOW + days * DAY).text(), NOW)
    assert (said in told and "worldwidewe linkedin connect" in told) if said and told else told is said


def test_an_app_without_refresh_tokens_ends_with_its_token() -> None:
    alone = kept(refresh=None, refresh_until=None, access_until=NOW + 5 * DAY)
    assert alone.ends == NOW + 5 * DAY
    assert "ends in 5 days" in str(expiring(alone.text(), NOW))
    assert "is no connection" in str(expiring("junk", NOW))


def test_a_token_that_would_end_within_the_visit_is_renewed_before_it(
    portal: LinkedInPortal, visit_to: MakeVisit
) -> None:
    visit = visit_to(portal)
    assert access(visit) == "access-1"
    visit.now = NOW + 60 * DAY - timedelta(minutes=10)
    assert access(visit) == "access-2"
    assert (visit.secrets.locked, visit.secrets.written) == (["linkedin"], ["linkedin"])


def test_F24_the_new_token_is_in_the_vault_before_anybody_has_it(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    portal.rotating = True
    visit = visit_to(portal)
    token = renewed(visit, stale="access-1")
    after = opened(visit.secrets.kept["linkedin"], "linkedin")
    assert (token, after.access, after.refresh) == ("access-2", "access-2", "refresh-2")


def test_F24_whoever_comes_second_uses_what_the_first_has_renewed(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    visit = visit_to(portal)
    assert renewed(visit, stale="access-1") == renewed(visit, stale="access-1") == "access-2"
    assert portal.renewals == 1


def test_without_a_refresh_token_nobody_asks_the_login(portal: LinkedInPortal, visit_to: MakeVisit) -> None:
    portal.refreshing = False
    visit = visit_to(portal)
    visit.secrets.kept["linkedin"] = connection(portal).text()
    portal.expire()
    with pytest.raises(FetchError, match="gave this app none to renew it with"):
        visit.run(linkedin)
    assert [call.path for call in portal.calls] == ["/rest/posts"]
