"""A side field that cannot be read is left out and named; it never costs the call."""

import json
from typing import Any

import pytest

from connectors.base.contract import ParseError
from connectors.eu_funding import question
from tests.connectors.eu_funding.rows import cascade, external, notice, read, row, tender, topic

OWN = {"action": "CERV-2027-CITIZENS-CIV-04 - X", "minContribution": 5, "maxContribution": "much"}


def overview(**entry: Any) -> str:
    return json.dumps({"budgetTopicActionMap": {"1": [OWN | entry]}})


@pytest.mark.parametrize(
    ("one", "field", "lost"),
    [
        (topic(latestInfos='[{"lastChangeDate":"soon"}]'), "latestInfos", "updated_at"),
        (topic(latestInfos='[{"lastChangeDate":"2026-13-45T00:00"}]'), "latestInfos", "updated_at"),
        (topic(latestInfos="[{"), "latestInfos", "updated_at"),
        (topic(latestInfos='{"lastChangeDate":"2026-11-03"}'), "latestInfos", "updated_at"),
        (topic(startDate="n/a"), "startDate", "opens_at"),
        (external(startDate="9999-12-31T00:00:00.000+0000"), "startDate", "opens_at"),
        (external(deadlineDate=None, startDate="n/a"), "startDate", "opens_at"),
        (topic(es_SortDate="0"), "es_SortDate", "published_at"),
        (topic(esDA_FirstIngestDate="yesterday", es_SortDate=None), "esDA_FirstIngestDate", "published_at"),
        (topic(keywords='["care",'), "keywords", "keywords"),
        (topic(tags='["care",'), "tags", "keywords"),
        (topic(budgetOverview="{broken"), "budgetOverview", "budget"),
        (topic(budgetOverview="[1]"), "budgetOverview", "budget"),
        (topic(budgetOverview=[{"budgetTopicActionMap": {}}]), "budgetOverview", "budget"),
        (topic(budgetOverview=overview(budgetYearMap=["3"])), "budgetOverview", "budget"),
        (topic(budgetOverview=overview(minContribution="tbc")), "budgetOverview", "grant"),
        (external(publicationDocuments="not json"), "publicationDocuments", "documents"),
        (external(publicationDocuments='{"docUrl":"https://files.example.org/g.zip"}'), "publicationDocuments", "documents"),
        (cascade(budget="400.000,00"), "budget", "budget"),
        (tender(cftContractNoticeLink="{"), "cftContractNoticeLink", "links"),
        (tender(cftLeadContractingAuthorityCode="Agency"), "cftLeadContractingAuthorityCode", "organisation"),
        (tender(lots="[]]"), "lots", "regions"),
        (tender(mainCpvCode="55510000-8;"), "mainCpvCode", "codes"),
        (tender(cftEstimatedTotalProcedureValue="1.8 Mio"), "cftEstimatedTotalProcedureValue", "budget"),
        (
            tender(cftEstimatedTotalProcedureValue=None, cftEstimatedOverallContractAmount="n/a"),
            "cftEstimatedOverallContractAmount",
            "budget",
        ),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_read_is_left_out_and_named(one: dict[str, Any], field: str, lost: str) -> None:
    found = notice(one)
    assert found.extra["sedia"]["unread"] == [field]
    assert not getattr(found, lost)


def test_what_can_be_read_beside_it_is_kept() -> None:
    infos = json.dumps([{"lastChangeDate": "soon"}, {"lastChangeDate": "2026-11-03T17:59:44"}, "x"])
    one = notice(topic(latestInfos=infos, budgetOverview=overview(budgetYearMap={"2027": "900"}), startDate="n/a"))
    assert str(one.updated_at).startswith("2026-11-03")
    assert one.budget is not None
    assert one.grant is not None
    assert (one.budget.raw, one.grant.raw) == ("900", "5")
    assert one.extra["sedia"]["unread"] == ["budgetOverview", "latestInfos", "startDate"]
    later = notice(tender(cftPublicationDateEForm="n/a"))
    assert str(later.published_at) == "2026-11-02"
    assert later.extra["sedia"]["unread"] == ["cftPublicationDateEForm"]


def test_a_keyword_in_brackets_is_a_word() -> None:
    one = notice(topic(keywords="[EU] cooperation", tags="[]"))
    assert one.keywords == ("[EU] cooperation",)
    assert "unread" not in one.extra["sedia"]
    assert notice(topic(keywords='[ "care", 7, "repair"]')).keywords == ("care", "repair")


def test_an_announcement_without_a_readable_day_is_one() -> None:
    told = {"type": "ANNOUNCEMENT", "topicTitle": "Assemblies", "description": "We offer.", "es_SortDate": "0"}
    one = notice(row("7001ANNOUNCEMENT", told, None), asked=question.announcements())
    assert (one.published_at, one.extra["sedia"]["unread"]) == (None, ["es_SortDate"])


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (topic(title=None), "has no title"),
        (tender(title=None, caName=None), "has no title"),
        (topic(identifier=None), "identifier is missing"),
        (topic(top={"reference": None}), "reference is missing"),
    ],
)
def test_without_identity_or_title_it_is_no_call(one: dict[str, Any], why: str) -> None:
    with pytest.raises(ParseError, match=why):
        read(one)
