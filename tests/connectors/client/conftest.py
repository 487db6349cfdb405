"""The hostile server, and a second one for redirects from one origin to another."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.client.hostile import Hostile

CERTS = Path(__file__).parent / "certs"


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    server = Hostile()
    yield server
    server.stop()


@pytest.fixture
def elsewhere() -> Iterator[Hostile]:
    server = Hostile()
    yield server
    server.stop()


@pytest.fixture
def secure() -> Iterator[Hostile]:
    """A TLS server with a certificate for portal.example.org, signed by an authority that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / "portal.pem")
    server = Hostile(context)
    yield server
    server.stop()
