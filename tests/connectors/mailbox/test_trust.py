"""Whom a mail is believed to be from (RFC 8601, RFC 7489)."""

import pytest

from connectors.generic.mailbox import Params
from connectors.generic.mailbox.redacting import redacted
from connectors.generic.mailbox.trust import aligned, listed
from tests.connectors.mailbox.mails import SERVER, mail
from tests.connectors.mailbox.reading import notices, reason

GOOD = "dkim=pass header.d=calls.example.org"


@pytest.mark.parametrize(
    ("found", "proof"),
    [
        ("dkim=pass header.d=calls.example.org header.s=s1", "dkim"),
        ("dkim=pass header.i=@news.calls.example.org header.b=x", "dkim"),
        ("spf=fail smtp.mailfrom=b@bounces.mailer.example; dkim=pass header.i=@example.org", "dkim"),
        ("dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=calls.example.org", "dmarc"),
        ("spf=pass (sender is allowed; really) smtp.mailfrom=bounce@calls.example.org", "spf"),
        ("dkim=fail header.d=list.example; dkim=pass header.d=calls.example.org", "dkim"),
    ],
)
def test_one_proof_for_the_senders_own_organisation_is_enough(found: str, proof: str) -> None:
    (notice,) = notices(mail(auth=(f"{SERVER}; {found}",)))
    assert notice.extra["mailbox"]["proof"] == proof


@pytest.mark.parametrize(
    "found",
    [
        "dkim=pass header.d=other.example",
        "dkim=pass header.d=example.org.evil.example",
        "spf=pass smtp.mailfrom=b@other.example",
        "spf=pass smtp.helo=calls.example.org",
        "dmarc=pass header.from=other.example",
        "dkim=none",
        "dkim=neutral header.d=calls.example.org",
        "spf=pass (dkim=pass header.d=calls.example.org) smtp.mailfrom=b@other.example",
        'spf=pass smtp.mailfrom="x; dkim=pass header.d=calls.example.org"@other.example',
        "dkim=pass (unbalanced header.d=calls.example.org",
    ],
)
def test_a_proof_for_somebody_else_is_none(found: str) -> None:
    assert reason(mail(auth=(f"{SERVER}; {found}",))).startswith("authentication: ")


def test_only_what_our_server_wrote_on_top_counts() -> None:
    forged = f"{SERVER}; {GOOD}"
    assert reason(mail(auth=(f"{SERVER}; dkim=fail header.d=calls.example.org", forged))).startswith("authentication")
    assert reason(mail(auth=(f"{SERVER}; none",), more=[f"Authentication-Results: {forged}"])).startswith("authent")
    assert reason(
        mail(auth=(f"{SERVER}; dkim=pass header.d=evil.example",), more=[f"Authentication-Results: {forged}"])
    )
    assert reason(mail(auth=("mx.other.example; dkim=pass header.d=calls.example.org",))).startswith("authentication")


def test_two_headers_of_our_server_one_for_each_proof_both_count() -> None:
    two = (f"{SERVER}; {GOOD}", f"{SERVER}; dmarc=pass header.from=calls.example.org")
    (notice,) = notices(mail(auth=two), require_auth="dmarc")
    assert notice.extra["mailbox"]["proof"] == "dmarc"


def test_a_signature_of_ones_own_lends_no_belief_to_what_was_written_below_it() -> None:
    # Some servers put their finding right above the headers of the sender, and leave a forged one where it stands.
    forged = (f"{SERVER}; dkim=pass header.d=evil.example", f"{SERVER}; {GOOD}")
    assert reason(mail(auth=forged)).startswith("authentication: nothing vouches for calls.example.org")
    failed = (f"{SERVER}; dkim=pass header.d=evil.example", f"{SERVER}; dmarc=fail header.from=calls.example.org")
    assert reason(mail(auth=failed), require_auth="none").startswith("dmarc")


def test_a_domain_is_not_its_neighbour() -> None:
    assert aligned("news.shop.co.uk", "shop.co.uk")
    assert aligned("mailb.linkedin.com", "linkedin.com")
    assert not aligned("shop.co.uk", "evil.co.uk")
    assert not aligned("one.gov.it", "two.gov.it")
    assert not aligned("comune.rimini.rn.it", "evil.rn.it")
    assert not aligned("evillinkedin.com", "linkedin.com")


@pytest.mark.parametrize("entry", ["*.com", "*.it", "*.co.uk", "*.rn.it", "bandi@*.org"])
def test_a_list_that_would_believe_everybody_with_a_domain_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="everybody"):
        Params(allow_senders=(entry,))


def test_spf_alone_says_nothing_behind_a_mailing_list_and_nothing_where_dmarc_is_asked_for() -> None:
    spf = (f"{SERVER}; spf=pass smtp.mailfrom=b@calls.example.org",)
    assert notices(mail(auth=spf))
    assert reason(mail(auth=spf, more=["List-Id: <all.example.org>"])).startswith("authentication")
    assert reason(mail(auth=spf), require_auth="dmarc").startswith("authentication")
    assert reason(mail(), require_auth="dmarc").startswith("authentication")


def test_without_proof_a_failure_is_still_a_failure() -> None:
    assert notices(mail(auth=()), require_auth="none")
    for more in (["Received-SPF: fail (not allowed)"], ["X-SES-Spam-Verdict: FAIL"], ["X-Spam-Flag: YES"]):
        assert reason(mail(auth=(), more=more), require_auth="none")
    failed = (f"{SERVER}; dmarc=fail header.from=calls.example.org",)
    assert reason(mail(auth=failed), require_auth="none").startswith("dmarc")
    assert reason(mail(more=["X-SES-Virus-Verdict: FAIL"])).startswith("x-ses-virus-verdict")


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "nobody",
        "alerts@calls.example.org)bob@evil.example",
        "alerts@calls.example.org, x@evil.example",
        '"alerts@calls.example.org" <x@evil.example>',
        "<alerts@calls.example.org> <x@evil.example>",
        "alerts@calls.example.org <x@evil.example>",
    ],
)
def test_a_sender_who_is_none_or_two_or_only_called_so_is_refused(sender: str) -> None:
    assert reason(mail(sender=sender)).startswith("sender")


def test_two_from_headers_with_different_addresses_are_refused() -> None:
    assert reason(mail(more=["From: x@evil.example"])).startswith("sender: the mail names no sender, or several")
    assert notices(mail(more=["From: Calls <ALERTS@calls.example.org>"]), allow_senders=("alerts@calls.example.org",))


def test_a_list_names_addresses_domains_and_what_lies_below_them() -> None:
    assert listed("Alerts+77@calls.example.org", ("alerts@calls.example.org",))
    assert listed("x@calls.example.org", ("calls.example.org",))
    assert listed("x@a.calls.example.org", ("*.calls.example.org",))
    assert not listed("x@a.calls.example.org", ("calls.example.org",))
    assert not listed("x@evilcalls.example.org", ("*.calls.example.org", "calls.example.org"))
    assert not listed("calls.example.org@evil.example", ("calls.example.org",))


def test_a_kept_mail_is_judged_as_it_was_when_it_came() -> None:
    for auth in ((f"{SERVER}; {GOOD}",), (f"{SERVER}; dkim=fail", f"{SERVER}; {GOOD}"), ()):
        body = mail(auth=auth, more=[f"Authentication-Results: {SERVER}; {GOOD}"])
        first = [repr(one) for one in _read(body)]
        assert [repr(one) for one in _read(redacted(body))] == first


def _read(body: bytes) -> list[object]:
    from tests.connectors.mailbox.reading import read

    return read(body)
