"""What a mail server can do to whoever reads it, and how a mailbox is opened."""

import base64
import json
import traceback
from typing import Any

import pytest

from connectors.base.contract import FetchError, Page
from connectors.base.pace import VisitOver
from connectors.generic import mailbox
from connectors.generic.mailbox import Params, fetching, imap
from tests.connectors.conftest import MakeClient
from tests.connectors.mailbox.scripted import Script, Scripted
from tests.connectors.visit import SimpleVisit
from tests.portals.server import Answer, Call, Portal, json_answer

SENDER = b"From: alerts@calls.example.org\r\n\r\n"
HEAD = (
    b'* 1 FETCH (UID 1 RFC822.SIZE 300 INTERNALDATE "22-Nov-2026 08:00:00 +0100" BODY[HEADER.FIELDS (FROM)] {%d}\r\n%s)\r\n'
    % (
        len(SENDER),
        SENDER,
    )
)


def opened(client: Any, port: int, **given: Any) -> SimpleVisit:
    usual = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "user": "anna",
        "allow_senders": ("calls.example.org",),
    }
    visit = SimpleVisit(http=client, params=Params.model_validate(usual | given), mode="recent")
    visit.secrets.kept["mailbox"] = "the-password"
    return visit


def pages(visit: SimpleVisit) -> list[Page]:
    return list(mailbox.fetch(visit))


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ({"LOGIN": b"!TAG NO [AUTHENTICATIONFAILED] no\r\n"}, "auth"),
        ({"LOGIN": b"!TAG NO go away\r\n"}, "auth"),
        ({"LOGIN": b"!TAG NO [UNAVAILABLE] later\r\n"}, "transient"),
        ({"LOGIN": b"!TAG NO [OVERQUOTA] full\r\n"}, "transient"),
        ({"LOGIN": b"!* BYE shutting down\r\n"}, "transient"),
        ({"LOGIN": None}, "transient"),
        ({"EXAMINE": b"!TAG NO [INUSE] busy\r\n"}, "transient"),
        ({"EXAMINE": b"* 0 EXISTS\r\n"}, "transient"),
        ({"UID SEARCH": b"!TAG NO [SERVERBUG] oh\r\n"}, "transient"),
        ({"UID FETCH": b"!* BYE going down in the middle\r\n"}, "transient"),
        ({"UID FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE 300 BODY[] {400}\r\nhalf"}, "transient"),
        ({"UID FETCH": b"* 1 FETCH (UID 1 BODY[] {2000000000}\r\n"}, "transient"),
        ({"UID FETCH": b"* " + b"x" * 1_500_000}, "transient"),
    ],
)
def test_F1_whatever_a_server_does_ends_in_an_error_that_says_what_to_do(
    script: Script, kind: str, loopback_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "_READ", 0.5)
    with Scripted(script) as server, pytest.raises(FetchError) as caught:
        pages(opened(loopback_client, server.port))
    assert caught.value.kind == kind
    assert "the-password" not in str(caught.value)


def test_F13_a_server_that_drips_is_left_when_the_time_of_an_answer_is_over(
    loopback_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "_ANSWER", 0.3)
    with Scripted({"UID SEARCH": b"!* SEARCH"}) as server, pytest.raises(FetchError) as caught:
        pages(opened(loopback_client, server.port))
    assert caught.value.kind == "transient"


def test_a_server_that_lies_about_a_size_does_not_fill_the_memory(loopback_client: Any) -> None:
    body = b"x" * 5_000_001
    whole = HEAD.replace(b"{%d}\r\n%s)" % (len(SENDER), SENDER), b"{%d}\r\n%s)" % (len(body), body))
    with Scripted({"UID FETCH": HEAD}) as server:
        visit = opened(loopback_client, server.port)
        stream = mailbox.fetch(visit)
        # The first FETCH asks for heads, the second for the mail.
        server.script["UID FETCH"] = HEAD
        server.script |= {"UID FETCH": HEAD}
        real = imap.Folder.body

        def swapped(self: imap.Folder, uid: int) -> bytes | None:
            server.script["UID FETCH"] = whole
            return real(self, uid)

        imap.Folder.body = swapped  # type: ignore[method-assign]
        try:
            first = next(stream)
        finally:
            imap.Folder.body = real  # type: ignore[method-assign]
        stream.close()  # type: ignore[attr-defined]
    assert b"is larger than 5 MB" in first.body
    assert len(first.body) < 1_000


def test_only_reading_commands_are_ever_sent(loopback_client: Any) -> None:
    with Scripted({"UID FETCH": HEAD}) as server:
        pages(opened(loopback_client, server.port))
    sent = [line.partition(" ")[2].upper() for line in server.said]
    assert {line.split()[0] for line in sent} <= {"CAPABILITY", "LOGIN", "EXAMINE", "UID", "LOGOUT"}
    assert all("PEEK" in line for line in sent if line.startswith("UID FETCH"))
    assert any("SINCE 24-OCT-2026" in line for line in sent)


def test_a_mailbox_without_encryption_is_refused_anywhere_but_on_this_machine(loopback_client: Any) -> None:
    class Elsewhere(SimpleVisit):
        def connect(self, host: str, port: int) -> Any:
            class Far:
                def getpeername(self) -> tuple[str, int]:
                    return ("198.51.100.7", 143)

                def close(self) -> None: ...

            return Far()

    visit = Elsewhere(http=loopback_client, params=opened(loopback_client, 1).params)
    visit.secrets.kept["mailbox"] = "x"
    with pytest.raises(FetchError, match="without encryption") as caught:
        pages(visit)
    assert caught.value.kind == "blocked"


def test_a_key_with_a_line_break_does_not_become_a_command(loopback_client: Any) -> None:
    with Scripted({}) as server:
        visit = opened(loopback_client, server.port)
        visit.secrets.kept["mailbox"] = "x\r\na1 DELETE INBOX"
        with pytest.raises(FetchError, match="line break"):
            pages(visit)
    assert not any("DELETE" in line for line in server.said)


@pytest.mark.parametrize(
    "answer",
    [
        b"!TAG NO [AUTHENTICATIONFAILED] no the-password\r\n",
        b"!TAG BAD LOGIN anna the-password\r\n",
        b"!* BYE LOGIN the-password\r\n",
    ],
)
def test_a_server_that_repeats_the_password_is_not_quoted(loopback_client: Any, answer: bytes) -> None:
    with Scripted({"LOGIN": answer}) as server, pytest.raises(FetchError) as caught:
        pages(opened(loopback_client, server.port))
    assert "the-password" not in "".join(traceback.format_exception(caught.value))


def test_a_login_that_repeats_a_token_is_not_quoted(make_client: MakeClient) -> None:
    class Echo(Portal):
        def answer(self, call: Call) -> Answer:
            return json_answer({"error": f"invalid_grant {call.body.decode()}"}, status=400)

    with Echo() as tokens:
        given = {"auth": "xoauth2", "token_url": f"{tokens.url}/token", "client_id": "app"}
        visit = opened(make_client(extra_hosts=("127.0.0.1",)), 1, **given)
        visit.secrets.kept["mailbox-client"] = "app-secret"
        with pytest.raises(FetchError, match="invalid_grant") as caught:
            pages(visit)
    assert not {"the-password", "app-secret"} & set(str(caught.value).replace("=", " ").replace("&", " ").split())


class Tokens(Portal):
    """An OAuth 2 token endpoint."""

    def answer(self, call: Call) -> Answer:
        if b"refresh_token=old" not in call.body:
            return json_answer({"error": "invalid_grant"}, status=400)
        return json_answer({"access_token": "fresh", "refresh_token": "new", "expires_in": 3600})


def test_F24_a_refresh_token_is_renewed_under_a_lock_and_kept_before_it_is_used(make_client: MakeClient) -> None:
    with Tokens() as tokens, Scripted({"AUTHENTICATE": b"!+ \r\n"}) as server:
        given = {"auth": "xoauth2", "token_url": f"{tokens.url}/token", "client_id": "app"}
        visit = opened(make_client(extra_hosts=("127.0.0.1",)), server.port, **given)
        visit.secrets.kept |= {"mailbox": "old", "mailbox-client": "app-secret"}
        # The server hangs after its challenge has been answered: what was sent is what matters here.
        server.script[base64.b64encode(b"user=anna\1auth=Bearer fresh\1\1").decode().upper()] = None
        with pytest.raises(FetchError):
            imap_short(visit)
    assert (visit.secrets.locked, visit.secrets.kept["mailbox"]) == (["mailbox"], "new")
    assert b"client_secret=app-secret" in tokens.calls[-1].body
    assert base64.b64encode(b"user=anna\1auth=Bearer fresh\1\1").decode() in server.said


def imap_short(visit: SimpleVisit) -> list[Page]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imap, "_ANSWER", 1.0)
        return pages(visit)


def test_F24_a_refresh_token_that_was_taken_back_is_a_matter_for_a_person(make_client: MakeClient) -> None:
    with Tokens() as tokens:
        given = {"auth": "xoauth2", "token_url": f"{tokens.url}/token", "client_id": "app"}
        visit = opened(make_client(extra_hosts=("127.0.0.1",)), 1, **given)
        with pytest.raises(FetchError, match="invalid_grant") as caught:
            pages(visit)
    assert caught.value.kind == "auth"
    assert visit.secrets.written == []


def test_a_visit_whose_time_is_over_stops_well_and_goes_on_next_time(
    loopback_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_SECONDS", -1.0)
    with Scripted({"UID FETCH": HEAD}) as server, pytest.raises(VisitOver):
        pages(opened(loopback_client, server.port))


def test_the_last_mail_that_n_star_names_again_is_dropped(loopback_client: Any) -> None:
    with Scripted({"UID FETCH": HEAD}) as server:
        visit = opened(loopback_client, server.port)
        (first,) = [page for page in pages(visit) if page.role == "folder"]
    with Scripted({"UID FETCH": HEAD}) as server:
        visit = opened(loopback_client, server.port)
        visit.cursor = first.body.decode().replace('"last_uid": 0', '"last_uid": 1')
        came = pages(visit)
        assert any("UID SEARCH UID 2:*" in line for line in server.said)
    assert [page.role for page in came] == ["folder"]


def test_another_user_or_server_begins_at_the_beginning(loopback_client: Any) -> None:
    with Scripted({"UID FETCH": HEAD}) as server:
        visit = opened(loopback_client, server.port)
        (page,) = [page for page in pages(visit) if page.role == "folder"]
    state = json.loads(page.body)
    assert "anna" not in page.body.decode()
    with Scripted({"UID FETCH": HEAD}) as server:
        visit = opened(loopback_client, server.port, user="berta")
        visit.cursor = json.dumps(state | {"last_uid": 99})
        pages(visit)
        assert any("SINCE" in line for line in server.said)
