"""How a mailbox on a real mail server is opened, and what is said when it cannot be."""

from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.store.secrets import Vault
from aggregator.store.session import Store
from connectors.base import guard
from tests.connectors.mailbox.mails import mail
from tests.connectors.mailbox.visits import NOW, add, visit
from tests.portals.imap import Box, Dovecot

DAY = timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_folder_with_an_umlaut_is_found(store: Store, home: Path, box: Box) -> None:
    box.create("Anfr&AOQ-gen")
    box.add(mail(1), folder="Anfr&AOQ-gen")
    add(store, home, box, folder="Anfrägen")
    assert visit(store, home).new == 1


def test_a_folder_that_is_not_there_is_a_matter_of_configuration(store: Store, home: Path, box: Box) -> None:
    add(store, home, box, folder="Nothing here")
    done = visit(store, home)
    assert done.kind == "config"
    assert "no folder 'Nothing here'" in (done.error or "")


def test_F24_a_wrong_password_is_an_auth_error_that_says_nothing_of_it(store: Store, home: Path, box: Box) -> None:
    add(store, home, box)
    Vault(store, home).put("mailbox", "wrong-and-secret")
    done = visit(store, home)
    assert done.kind == "auth"
    assert "AUTHENTICATIONFAILED" in (done.error or "")
    assert "wrong-and-secret" not in (done.error or "")


def test_F24_a_key_that_nobody_has_set_is_named(store: Store, home: Path, box: Box) -> None:
    add(store, home, box, key="not-there")
    done = visit(store, home)
    assert done.kind == "auth"
    assert "not-there" in (done.error or "")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_E11_a_private_authority_is_believed_where_the_deployment_names_it(
    store: Store, home: Path, box: Box, server: Dovecot, security: str
) -> None:
    box.add(mail(1))
    port = server.tls if security == "tls" else server.plain
    add(store, home, box, host="localhost", port=port, security=security)
    refused = visit(store, home)
    assert refused.kind == "transient"
    assert "certificate" in (refused.error or "")
    assert visit(store, home, at=NOW + DAY, extra_ca=str(server.ca)).new == 1


def test_E11_a_certificate_for_another_name_is_refused(
    store: Store, home: Path, box: Box, server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, home, box, host="mail.example.org", port=server.tls, security="tls")
    monkeypatch.setattr(guard, "resolve", lambda host, port, egress: ("127.0.0.1",))
    done = visit(store, home, extra_ca=str(server.ca))
    assert done.kind == "transient"
    assert "certificate" in (done.error or "")


def test_a_private_address_is_refused_whatever_the_source_says(store: Store, home: Path, box: Box) -> None:
    add(store, home, box, host="10.0.0.7", port=143)
    done = visit(store, home)
    assert done.kind == "blocked"
    assert "address not allowed" in (done.error or "")
