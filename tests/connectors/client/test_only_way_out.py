"""The one client is the only way out: every module of the program is read, and no other way may be found in it."""

import ast
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[3]
CLIENT = "connectors/base/client.py"
TRANSPORT = "connectors/base/transport.py"
MAY = {
    CLIENT: {"httpx"},
    TRANSPORT: {"httpx", "httpcore"},
    "connectors/base/network.py": {"httpcore"},
    "connectors/base/guard.py": {"socket.create_connection"},
    # One looks whether the board's own port is free, the other whether the board answers there.
    "web/commands/serve.py": {"socket.socket"},
    "web/commands/run.py": {"socket.create_connection"},
    # The one file that speaks SMTP, over a socket that the guard has opened.
    "aggregator/digest/mailer.py": {"smtplib"},
    # The one file that speaks IMAP, over a socket that the guard has opened.
    "connectors/generic/mailbox/imap.py": {"imaplib", "imap_tools"},
}
WAYS = {
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "requests",
    "urllib3",
    "aiohttp",
    "pycurl",
    "urllib.request",
    "http.client",
    "smtplib",
    "imaplib",
    "imap_tools",
    "nntplib",
    "telnetlib",
    "xmlrpc.client",
    "urllib.robotparser",
    "asyncio.open_connection",
    "poplib",
    "ftplib",
    "socket.create_connection",
}


def ways_out(source: str) -> set[str]:
    """Name every way to the network that a module's text holds, whatever it is imported as."""
    tree, found, known = ast.parse(source), set[str](), dict[str, str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                known[name.asname or name.name.partition(".")[0]] = (
                    name.name if name.asname else name.name.partition(".")[0]
                )
                found |= {way for way in WAYS if name.name == way or name.name.startswith(f"{way}.")}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                known[name.asname or name.name] = whole = f"{node.module}.{name.name}"
                found |= {way for way in WAYS if whole == way or whole.startswith(f"{way}.")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found |= WAYS & {_dotted(node, known)}
        elif isinstance(node, ast.Call):
            found |= _by_name(node) | ({"socket.socket"} & {_dotted(node.func, known)})
            if _dotted(node.func, known) == "feedparser.parse" and not _in_memory(node, known):
                found.add("feedparser.parse")
    return found


def _by_name(call: ast.Call) -> set[str]:
    named = isinstance(call.func, ast.Name) and call.func.id == "__import__"
    named = named or (isinstance(call.func, ast.Attribute) and call.func.attr == "import_module")
    first = call.args[0] if named and call.args else None
    return WAYS & {first.value} if isinstance(first, ast.Constant) and isinstance(first.value, str) else set()


def _in_memory(call: ast.Call, known: dict[str, str]) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Call) and _dotted(first.func, known) == "io.BytesIO"


def _dotted(node: ast.expr, known: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, known)}.{node.attr}"
    return known.get(node.id, node.id) if isinstance(node, ast.Name) else "?"


def test_E1_no_other_module_of_the_program_has_a_way_to_the_network() -> None:
    modules = [
        path for room in ("connectors", "aggregator", "web", "config") for path in (PROGRAM / room).rglob("*.py")
    ]
    assert PROGRAM / CLIENT in modules

    strays = {
        name: sorted(more)
        for path in modules
        if (more := ways_out(path.read_text("utf-8")) - MAY.get(name := path.relative_to(PROGRAM).as_posix(), set()))
    }

    assert strays == {}


def test_E1_httpx_is_imported_by_the_client_and_its_transport_and_by_nothing_else() -> None:
    importing = {
        path.relative_to(PROGRAM).as_posix()
        for room in ("connectors", "aggregator", "web", "config")
        for path in (PROGRAM / room).rglob("*.py")
        if "httpx" in ways_out(path.read_text("utf-8"))
    }

    assert importing == {CLIENT, TRANSPORT}


def test_E9_what_opens_a_private_network_is_made_of_the_deployments_settings_alone() -> None:
    """No form, no parameter of a source and no connector makes an `Egress`: the visit and the mailer do, of the settings."""
    makers = {
        path.relative_to(PROGRAM).as_posix(): [ast.unparse(word.value) for word in node.keywords]
        for room in ("connectors", "aggregator", "web", "config")
        for path in (PROGRAM / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Egress"
    }

    assert sorted(makers) == ["aggregator/digest/mailer.py", "aggregator/intake/pipeline.py"]
    for values in makers.values():
        assert values
        assert all("settings." in value for value in values)


def test_E11_no_module_of_the_program_has_a_way_to_leave_a_certificate_unverified() -> None:
    words = (
        "verify=False",
        "CERT_NONE",
        "_create_unverified_context",
        "check_hostname = False",
        "check_hostname=False",
    )
    modules = [
        path for room in ("connectors", "aggregator", "web", "config") for path in (PROGRAM / room).rglob("*.py")
    ]

    assert {path.name: word for path in modules for word in words if word in path.read_text("utf-8")} == {}


@pytest.mark.parametrize(
    ("source", "way"),
    [
        ("import httpx", "httpx"),
        ("import httpx as h\nh.get('x')", "httpx"),
        ("from httpx import Client", "httpx"),
        ("def f():\n    import requests", "requests"),
        ("import urllib.request", "urllib.request"),
        ("from urllib.request import urlopen", "urllib.request"),
        ("from urllib import request", "urllib.request"),
        ("import http.client as c", "http.client"),
        ("import socket\nsocket.create_connection(('x', 1))", "socket.create_connection"),
        ("import socket as s\ns.create_connection(('x', 1))", "socket.create_connection"),
        ("from socket import create_connection as c", "socket.create_connection"),
        ("import socket\nsocket.socket()", "socket.socket"),
        ("from urllib.robotparser import RobotFileParser", "urllib.robotparser"),
        ("import asyncio\nasyncio.open_connection('x', 1)", "asyncio.open_connection"),
        ("import importlib\nimportlib.import_module('httpx')", "httpx"),
        ("__import__('requests')", "requests"),
        ("import feedparser\nfeedparser.parse('http://x/')", "feedparser.parse"),
        ("import feedparser\nfeedparser.parse(body)", "feedparser.parse"),
        ("from feedparser import parse as p\np(url)", "feedparser.parse"),
    ],
)
def test_E1_the_reader_of_modules_sees_every_way_out(source: str, way: str) -> None:
    assert way in ways_out(source)


@pytest.mark.parametrize(
    "source",
    [
        "import io, feedparser\nfeedparser.parse(io.BytesIO(body))",
        "from io import BytesIO\nimport feedparser\nfeedparser.parse(BytesIO(body))",
        "import socket\nsocket.gethostname()",
        "from urllib.parse import urljoin",
        "from connectors.base.client import Client",
    ],
)
def test_E1_the_reader_of_modules_leaves_the_harmless_alone(source: str) -> None:
    assert ways_out(source) == set()
