"""Alert mails of LinkedIn: what is read of them, for whom it is, and that no token survives."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from aggregator.intake.reading import Rejected, readings
from aggregator.store.session import Store
from connectors import linkedin_alerts
from connectors.base.contract import Notice, Page, Skipped
from connectors.linkedin_alerts import Params
from tests.connectors.mailbox.conftest import box, server
from tests.connectors.mailbox.mails import READER, SERVER, both, mail
from tests.connectors.mailbox.visits import add, column, kept_text, visit
from tests.portals.imap import Box

__all__ = ["box", "server"]
SENDER = "LinkedIn Job Alerts <jobalerts-noreply@linkedin.com>"
AUTH = (f"{SERVER}; dkim=pass header.i=@linkedin.com",)
TOKENS = (
    "otpSECRET",
    "midSECRET",
    "sigSECRET",
    "eidSECRET",
    "loidSECRET",
    "lipiSECRET",
    "trkSECRET",
    "savedSECRET",
    "refSECRET",
)
QUERY = (
    "?trackingId=refSECRET%3D%3D&refId=refSECRET&lipi=urn%3Ali%3Apage%3AlipiSECRET&midToken=midSECRET&midSig=sigSECRET"
    "&trk=eml-trkSECRET-jobid_4999999999&trkEmail=trkSECRET&eid=eidSECRET&loid=loidSECRET&otpToken=otpSECRET&savedSearchAuthToken=savedSECRET"
)


def job(number: int) -> str:
    return f"https://www.linkedin.com/comm/jobs/view/{number}/{QUERY}"


def read(body: bytes, **params: Any) -> list[Any]:
    page = Page(
        url="file:a.eml",
        body=body,
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        role="mail",
        params=Params(trusted_authserv_ids=(SERVER,), **params),
    )
    return list(readings(linkedin_alerts, page))


def alert(text: str, **given: Any) -> bytes:
    return mail(sender=given.pop("sender", SENDER), auth=given.pop("auth", AUTH), body=text, **given)


def told(found: list[Any]) -> list[tuple[str, str, str]]:
    assert all(isinstance(one, Notice) for one in found), found
    return [(n.source_id, n.titles["und"].text, n.organisation.name if n.organisation else "") for n in found]


@pytest.mark.parametrize(
    "label",
    [
        "View job: ",
        "View job",
        "Visualizza offerta di lavoro: ",
        "Jobangebot ansehen: ",
        "Voir l’offre d’emploi : ",
        "",
        "<",
    ],
)
def test_a_job_is_found_by_its_path_whatever_the_label_says(label: str) -> None:
    text = f"Some words\n\nExport manager\nConsorzio Inventato\nBologna\nEasy Apply\n{label}{job(4500000001)}\n"
    (notice,) = read(alert(text))
    assert told([notice]) == [("4500000001", "Export manager", "Consorzio Inventato")]
    assert notice.url == "https://www.linkedin.com/jobs/view/4500000001/"
    assert (notice.kind, notice.deadlines, notice.summary, notice.body) == ("vacancy", (), None, None)
    assert "linkedin:job:4500000001" in notice.same_as


def test_equal_titles_at_one_company_are_two_jobs_and_one_job_twice_is_one() -> None:
    card = "Intern\nCompany\nPlace\nView job: {}\n\n" + "-" * 57 + "\n\n"
    found = read(alert("".join(card.format(job(n)) for n in (4500000001, 4500000002, 4500000001))))
    assert [one[0] for one in told(found)] == ["4500000001", "4500000002"]


def test_the_text_and_the_page_are_united_by_the_number() -> None:
    text = f"Title in the text\nCompany\nPlace\nView job: {job(4500000001)}\n"
    page = "".join(
        f'<table><tr><td><a href="{job(n)}"><img alt="Company {n}"></a><a href="{job(n)}" class="font-bold">Title {n}</a>'
        f"<p>Company {n} · Trento</p></td></tr></table>"
        for n in (4500000001, 4500000002)
    )
    raw = both(text, f"<html><body>{page}</body></html>", sender=SENDER).decode()
    raw = raw.replace(raw.split("\r\n")[0], f"Authentication-Results: {AUTH[0]}", 1)
    assert told(read(raw.encode())) == [
        ("4500000001", "Title in the text", "Company"),
        ("4500000002", "Title 4500000002", "Company 4500000002"),
    ]


def test_a_job_without_a_title_is_set_aside_and_the_others_are_read() -> None:
    found = read(alert(f"{job(4500000001)}\n\nTitle\nCompany\nPlace\n{job(4500000002)}\n"))
    assert isinstance(found[0], Rejected)
    assert found[0].source_id == "4500000001"
    assert told(found[1:]) == [("4500000002", "Title", "Company")]


def test_articles_are_news_and_short_links_stay_as_they_are() -> None:
    text = (
        "Weekly\n\nCooperatives look abroad\nhttps://www.linkedin.com/comm/pulse/cooperatives-abroad?otpToken=otpSECRET\n\n"
        "The report https://lnkd.in/eAbC12d?trk=trkSECRET\n\nhttps://www.linkedin.com/comm/feed/?midToken=midSECRET\n"
    )
    found = read(alert(text, sender="LinkedIn News <editors-noreply@linkedin.com>"))
    assert [(one.kind, one.source_id) for one in found] == [
        ("news", "https://www.linkedin.com/pulse/cooperatives-abroad"),
        ("news", "https://lnkd.in/eAbC12d"),
    ]


@pytest.mark.parametrize("sender", ["inmail-hit-reply", "hit-reply", "invitations"])
def test_a_letter_to_a_person_is_not_read_even_where_its_sender_is_listed(sender: str) -> None:
    raw = alert(f"T\nC\nP\n{job(4500000001)}", sender=f"Some Body <{sender}@linkedin.com>")
    assert read(raw, allow_senders=("linkedin.com",)) == [Skipped("a letter to a person")]


@pytest.mark.parametrize(
    "auth",
    [
        (),
        (f"{SERVER}; dkim=pass header.i=@linkedin.com.evil.example",),
        (f"{SERVER}; spf=pass smtp.mailfrom=x@bounce.linkedin.com",),
        ("mx.evil.example; dkim=pass header.i=@linkedin.com",),
    ],
)
def test_a_mail_that_linkedin_has_not_signed_is_refused(auth: tuple[str, ...]) -> None:
    (found,) = read(alert(f"T\nC\nP\n{job(4500000001)}", auth=auth))
    assert isinstance(found, Rejected)
    assert found.reason.startswith("authentication")


def test_it_is_for_members_only_by_the_words_of_the_source() -> None:
    (notice,) = read(alert(f"Buyer\nCooperativa Inventata\nBologna\n{job(4500000001)}"))
    assert linkedin_alerts.rights(notice, Params()).audience == "office"
    shown = linkedin_alerts.rights(notice, Params(member_words=("COOPERATIVA",)))
    assert (shown.show, shown.audience) == ("link", "members")
    assert linkedin_alerts.rights(notice, Params(member_words=("consorzio", " "))).audience == "office"


@pytest.fixture
def lines() -> Iterator[LogCapture]:
    capture = LogCapture()
    before = structlog.get_config()
    structlog.configure(processors=[capture])
    yield capture
    structlog.configure(**before)


def test_no_token_and_nothing_of_the_reader_is_stored_shown_or_logged(
    store: Store, tmp_path: Path, box: Box, lines: LogCapture
) -> None:
    home = tmp_path / "home"
    good = [
        alert(f"Maria Bianchi, look\n\nT\nC\nP\nView job{job(n)}\n", subject=f"Maria: job {n}")
        for n in range(4500000001, 4500000009)
    ]
    forged = alert(f"T\nC\nP\n{job(4500000090)}", auth=())
    untitled = alert(f"{job(4500000091)}\n")
    footer = (
        f"T\nC\nP\n{job(4500000092)}\n"
        + "-" * 40
        + f"\nThis email was intended for Maria Bianchi (Head)\n{job(4500000093)}"
    )
    box.add(*good, forged, untitled, alert(footer))
    add(store, home, box, connector="linkedin_alerts")
    done = visit(store, home)
    assert (done.kind, done.new, done.rejected) == ("ok", 9, 2)
    assert column(store, "SELECT DISTINCT audience FROM opportunities") == ["office"]
    everything = kept_text(store) + repr(lines.entries)
    assert "4500000091" in everything  # the quarantine was looked into
    for secret in (*TOKENS, "otpToken", "midToken", "trkEmail", READER, "Maria", "Bianchi", "4500000093"):
        assert secret not in everything
