"""The sample members' letters in the browser: in the demo only, in a sandbox, and never a path from the address."""

from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from aggregator.store.session import Store
from config.settings import Settings
from web.app import create_app


def keep(home: Path, name: str, *, subject: str = "3 nuove, 1 in scadenza") -> Path:
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = subject
    message["From"] = "Federazione di prova <digest@example.org>"
    message["To"] = "ufficio@coop.example.org"
    message["Date"] = "Mon, 23 Nov 2026 08:00:00 +0100"
    message["Content-Language"] = "it"
    message.set_content("Buongiorno, ecco le opportunità.\n")
    message.add_alternative(
        "<!doctype html><html><head><title>x</title></head><body><h1 style='color:red'>Opportunità</h1>"
        "<a href='http://board.example.org/opportunities/1'>leggi</a></body></html>",
        subtype="html",
    )
    path = home / "maildir" / "new" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(message.as_bytes())
    return path


@pytest.fixture
def demo(settings: Settings, store: Store) -> FlaskClient:
    keep(settings.home, "one.eml")
    return create_app(settings.model_copy(update={"demo": True}), store).test_client()


def test_the_demo_lists_the_letters_and_shows_both_parts(demo: FlaskClient) -> None:
    link = BeautifulSoup(demo.get("/letters").text, "html.parser").select_one(".letters a")
    assert link is not None
    assert link.get_text() == "3 nuove, 1 in scadenza"
    page = BeautifulSoup(demo.get(str(link["href"])).text, "html.parser")
    text = page.select_one("pre")
    assert text is not None
    assert "Buongiorno, ecco le opportunità." in text.get_text()
    assert "ufficio@coop.example.org" in page.get_text()


def test_the_html_of_a_letter_stands_in_a_sandbox_without_scripts(demo: FlaskClient) -> None:
    frame = BeautifulSoup(demo.get("/letters/one.eml").text, "html.parser").iframe
    assert frame is not None
    assert "allow-scripts" not in str(frame["sandbox"])
    assert "allow-same-origin" not in str(frame["sandbox"])
    alone = demo.get(str(frame["src"]))
    assert "<h1 style='color:red'>Opportunità</h1>" in alone.text
    assert '<base target="_blank">' in alone.text
    rules = alone.headers["Content-Security-Policy"]
    assert "sandbox allow-popups" in rules
    assert "script" not in rules
    assert "frame-ancestors 'self'" in rules


def test_nothing_of_the_address_becomes_a_path(demo: FlaskClient, settings: Settings) -> None:
    (settings.home / "secret.eml").write_text("Subject: secret\n\nsecret")
    (settings.home / "maildir" / "tmp").mkdir()
    (settings.home / "maildir" / "tmp" / "half.eml").write_text("Subject: half\n\nhalf")
    for name in (
        "../secret.eml",
        "..%2Fsecret.eml",
        "%2E%2E/secret.eml",
        "secret.eml",
        "new",
        "new/one.eml",
        "half.eml",
    ):
        assert demo.get(f"/letters/{name}").status_code == 404, name
        assert demo.get(f"/letters/{name}/html").status_code == 404, name


def test_without_the_demo_no_letter_has_an_address(settings: Settings, store: Store) -> None:
    keep(settings.home, "one.eml")
    client = create_app(settings, store).test_client()
    for path in ("/letters", "/letters/one.eml", "/letters/one.eml/html"):
        assert client.get(path).status_code == 404
    assert "/letters" not in client.get("/about").text


def test_a_letter_that_cannot_be_read_does_not_hide_the_others(demo: FlaskClient, settings: Settings) -> None:
    (settings.home / "maildir" / "new" / "broken.eml").write_bytes(b"\xff\x00 no header at all")
    answer = demo.get("/letters")
    assert answer.status_code == 200
    assert "3 nuove, 1 in scadenza" in answer.text
    assert demo.get("/letters/broken.eml").status_code == 200
