"""One mail server for all tests of a worker; everybody who logs in has an empty mailbox."""

import itertools
from collections.abc import Iterator

import pytest

from tests.portals.imap import Box, Dovecot, installed

_users = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[Dovecot]:
    if installed() is None:
        pytest.skip("there is no mail server here: apt-get install dovecot-imapd")
    with Dovecot() as running:
        yield running


@pytest.fixture
def box(server: Dovecot) -> Box:
    return server.box(f"reader{next(_users)}")
