"""Calls of the programmes, of the external action, and of funded projects: what a row says, and what is made of it."""

import json
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connectors.base.contract import Body, Deadline, Money, Programme, Skipped, Title, Translation
from connectors.eu_funding import Params, question
from tests.connectors.eu_funding.rows import cascade, external, notice, read, row, topic

PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen"
BRUSSELS = "Europe/Brussels"


def test_a_topic_is_known_by_its_reference_and_its_identifier_is_a_strong_key() -> None:
    one = notice(topic())
    assert (one.source_id, one.kind) == ("50200417TOPICS", "grant_call")
    assert one.same_as == ("sedia:50200417TOPICS", "topic:cerv-2027-citizens-civ-04")
    assert one.url == f"{PORTAL}/opportunities/topic-details/CERV-2027-CITIZENS-CIV-04"
    assert one.titles == {"en": Title(text="Citizens' assemblies in small towns")}
    assert one.organisation == Body(name="European Commission")
    assert (one.programme, one.codes) == (Programme(code="43251589"), ("programme:43251589",))
    assert one.countries == ()


def test_the_dead_address_of_the_index_is_never_handed_on() -> None:
    dead = "https://ec.europa.eu/info/funding-tenders/opportunities/data/topicDetails/CERV-2027-CITIZENS-CIV-04.json"
    one = notice(topic(url=dead, top={"url": dead}))
    assert ".json" not in one.model_dump_json()


@pytest.mark.parametrize(
    ("reference", "source_id"),
    [
        ("50200417TOPICSen", "50200417TOPICS"),
        ("45646358HORIZONResearchandInnovationActions1701907200000",) * 2,
        ("484009484749921",) * 2,
    ],
)
def test_only_a_language_is_cut_off_a_reference(reference: str, source_id: str) -> None:
    assert notice(topic(top={"reference": reference})).source_id == source_id


def budget(*entries: tuple[str, dict[str, Any], Any, Any]) -> str:
    made = {
        str(n): [
            {"action": f"{who} - X", "budgetYearMap": years, "minContribution": least, "maxContribution": most,
             "expectedGrants": 3}
        ]
        for n, (who, years, least, most) in enumerate(entries)
    }  # fmt: skip
    return json.dumps({"budgetYearsColumns": [], "budgetTopicActionMap": made})


def test_only_the_topics_own_entries_are_its_budget() -> None:
    own = "CERV-2027-CITIZENS-CIV-04"
    overview = budget(
        ("CERV-2027-CITIZENS-CIV-03", {"2027": "900000000"}, 1, 2),
        (own, {"2027": "3000000", "2028": "2500000.50"}, 75000, 350000),
        (f"{own}-B", {"2027": "700000000"}, 1, 2),
        (own.lower(), {"2027": "100"}, 60000, None),
    )
    one = notice(topic(budgetOverview=overview))
    assert one.budget == Money(total=Decimal("5500100.50"), currency="EUR", raw="3000000 + 2500000.50 + 100")
    assert one.grant == Money(min=Decimal(60000), max=Decimal(350000), currency="EUR", raw="60000 – 350000")
    assert one.extra["sedia"]["expected_grants"] == 6


@pytest.mark.parametrize("overview", [None, "{}", "null", budget(("OTHER-TOPIC", {"2027": "5"}, None, None))])
def test_without_an_entry_of_its_own_no_budget_is_stated(overview: str | None) -> None:
    one = notice(topic(budgetOverview=overview))
    assert (one.budget, one.grant) == (None, None)


@pytest.mark.parametrize("year", ["20,000,000", "tbc", "-5"])
def test_where_a_year_is_no_number_there_is_no_total_and_what_was_written_is_kept(year: str) -> None:
    own = ("CERV-2027-CITIZENS-CIV-04", {"2027": "3000000", "2028": year}, 75000, 350000)
    one = notice(topic(budgetOverview=budget(own)))
    assert one.budget == Money(currency="EUR", raw=f"3000000 + {year}")
    assert one.grant == Money(min=Decimal(75000), max=Decimal(350000), currency="EUR", raw="75000 – 350000")
    assert one.extra["sedia"]["unread"] == ["budgetOverview"]


def test_a_year_without_an_amount_takes_no_total_away() -> None:
    own = ("CERV-2027-CITIZENS-CIV-04", {"2027": "3000000", "2028": "", "2029": None}, None, None)
    one = notice(topic(budgetOverview=budget(own)))
    assert one.budget == Money(total=Decimal(3000000), currency="EUR", raw="3000000")
    assert "unread" not in one.extra["sedia"]


@pytest.mark.parametrize(("raw", "odd"), [("1.2", "1.2 EUR"), ("6.8", "6.8 EUR"), ("560", "560 EUR")])
def test_an_amount_of_unknown_scale_is_handed_on_as_written_and_never_multiplied(raw: str, odd: str) -> None:
    one = notice(cascade(budget=raw))
    assert one.budget is None
    assert one.extra["sedia"]["amount_of_unknown_scale"] == odd
    assert notice(cascade(budget="1400000")).budget == Money(total=Decimal(1400000), currency="EUR", raw="1400000 EUR")


def test_a_cascade_call_has_its_own_title_and_is_not_its_parent() -> None:
    one = notice(cascade())
    assert (one.source_id, one.kind) == ("15711COMPETITIVE_CALL", "cascade_funding")
    assert one.titles["en"].text == "OPEN STAGE micro-grants"
    assert one.same_as == ("sedia:15711COMPETITIVE_CALL",)
    assert one.url == f"{PORTAL}/opportunities/competitive-calls-cs/44087711"
    assert one.links[0].url == f"{PORTAL}/opportunities/topic-details/CREA-CULT-2025-COOP-UA-7"
    assert one.organisation == Body(name="OPEN STAGE")
    named = notice(cascade(top={"summary": None}, callTitle=None, caName="OPEN STAGE by another key"))
    assert named.titles["en"].text == "OPEN STAGE by another key"


def test_the_address_of_a_cascade_call_is_never_that_of_its_parent_where_it_has_one_of_its_own() -> None:
    parent = f"{PORTAL}/opportunities/topic-details/CREA-CULT-2025-COOP-UA-7"
    own = f"{PORTAL}/opportunities/competitive-calls-cs/44087700"
    assert notice(cascade(url=own, top={"url": parent})).url == own
    assert notice(cascade(url=parent, top={"url": own})).url == own
    assert notice(cascade(url=parent)).url == f"{PORTAL}/opportunities/competitive-calls-cs/44087711"
    # The number of the reference counts otherwise and leads nowhere.
    assert notice(cascade(callccm2Id=None)).url == parent
    assert notice(cascade(callccm2Id=None, identifier=None)).url.endswith("/topic-details/15711COMPETITIVE_CALLen")


def test_lines_beside_the_text_name_no_persons_either() -> None:
    named = "Contact: Ms Pia Neri, pia.neri@example.org"
    for one in (
        notice(topic(callTitle=named, destinationDescription=named)),
        notice(cascade(title=named, duration=named, projectAcronym=named)),
    ):
        assert "Neri" not in one.model_dump_json()
        assert "neri@" not in one.model_dump_json()
    kept = notice(cascade(duration=" 9&nbsp;months ")).extra["sedia"]
    assert (kept["duration"], kept["parent_title"]) == ("9 months", "Access to culture")


def test_a_row_without_metadata_is_read_from_the_keys_beside() -> None:
    whole = cascade()
    assert notice({**whole.pop("metadata"), **whole}) == notice(cascade())


def test_texts_of_the_external_action_have_no_language_of_their_own_and_a_country_in_their_identifier() -> None:
    one = notice(external(description="Appel à propositions."))
    assert one.titles == {"und": Title(text="Filières maraîchères et coopératives de femmes")}
    assert (one.source_id, one.lang, one.countries) == ("188011PROSPECTS", None, ("BJ",))
    assert one.url == "https://webgate.ec.europa.eu/prospect/external/publishedcalls.htm?callId=188011"
    assert one.deadlines == (Deadline(on=date(2026, 12, 30), at="11:00", zone="UTC"),)
    assert one.same_as == ("sedia:188011PROSPECTS",)
    assert notice(external(identifier="EuropeAid/188011/DD/ACT/Multi")).countries == ()
    dead = "https://ec.europa.eu/info/funding-tenders/opportunities/data/topicDetails/188011EN"
    assert notice(external(url=dead)).url == f"{PORTAL}/opportunities/topic-details/188011PROSPECTSEN"


def test_documents_of_a_call_and_of_its_conditions_are_links() -> None:
    published = json.dumps([{"nameDoc": "Guidelines", "docUrl": "https://files.example.org/g.zip"}, {"docUrl": "x:y"}])
    assert [link.title for link in notice(external(publicationDocuments=published)).documents] == ["Guidelines"]
    conditions = (
        '<p>See <a href="https://files.example.org/docs/annex.pdf">Annex <b>B</b></a> and '
        '<a href="https://files.example.org/page">a page</a>, or ask Ms Ada Ferronato.</p>'
    )
    one = notice(topic(topicConditions=conditions))
    assert [(link.url, link.title) for link in one.documents] == [
        ("https://files.example.org/docs/annex.pdf", "Annex B")
    ]
    assert one.eligibility is not None
    assert (one.eligibility.verdict, one.eligibility.text) == (
        "not_stated",
        "See Annex B and a page, or ask Ms […].",
    )


def test_texts_are_clean_and_the_portals_own_headings_stand_apart() -> None:
    html = '<span class="topicdescriptionkind">Scope:</span><p onclick="x()">Write to pia.neri@example.org</p><script>1</script>'
    one = notice(topic(descriptionByte=html))
    assert one.body == "<h4>Scope:</h4><p>Write to […]</p>"
    assert one.summary == "Scope: Write to […]"
    assert one.lang == "en"


def test_a_text_full_of_open_tags_costs_no_more_than_its_length() -> None:
    hostile = '<a href="https://x.example.org/docs/1">' * 20_000 + '<span class="topicdescriptionkind">' * 20_000
    started = time.process_time()
    notice(topic(topicConditions=hostile, descriptionByte=hostile))
    assert time.process_time() - started < 20


def test_keywords_come_as_a_list_or_as_one_text_and_without_numbers() -> None:
    listed = notice(
        topic(keywords=["CERV-2027-CITIZENS-CIV-04", "CERV-2027-CITIZENS-CIV", "towns"], tags=["care", "towns"])
    )
    assert listed.keywords == ("towns", "care")
    assert notice(topic(keywords='["Energy storage","repair"]')).keywords == ("Energy storage", "repair")


def test_a_programme_that_we_have_no_code_for_is_known_by_the_beginning_of_the_identifier() -> None:
    one = notice(topic(identifier="AGRIP-MULTI-2027-IM", frameworkProgramme="99990001"))
    assert one.codes == ("programme:99990001", "programme:AGRIP")
    assert one.programme == Programme(code="99990001")
    assert notice(topic(identifier="AGRIP-MULTI-2027-IM", frameworkProgramme=None)).programme == Programme(code="AGRIP")


def test_partner_search_is_linked_where_it_is_allowed() -> None:
    assert notice(topic(allowPartnerSearch="false")).links == ()
    [link] = notice(topic(allowPartnerSearch="true")).links
    assert link.url.startswith(f"{PORTAL}/how-to-participate/partner-search?")
    assert link.url.endswith("frameworkProgramme=43251589")


def test_a_row_of_the_title_pass_is_a_title_in_its_language() -> None:
    asked = question.titles(Params(), "it")
    assert asked is not None
    one = topic(language="it", title="Assemblee &amp; comuni", top={"reference": "50200417TOPICSit", "language": "it"})
    assert read(one, asked=asked) == Translation("50200417TOPICS", {"it": Title(text="Assemblee & comuni")})
    empty = topic(language="it", title=None, top={"reference": "50200417TOPICSit", "language": "it"})
    assert read(empty, asked=asked) == Skipped("no title")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"title": "Social economies in towns"}, True),
        ({"tags": ["cooperatives"]}, True),
        ({"descriptionByte": "<p>for <b>social economy</b> actors</p>"}, True),
        ({"title": "Antisocial economy"}, False),
        ({"callTitle": "Cooperatives"}, False),
    ],
)
def test_a_source_may_keep_only_what_holds_one_of_its_words(change: dict[str, Any], found: bool) -> None:
    reading = read(topic(**change), params=Params(words=("social econom", "cooperativ")))
    assert (reading != Skipped("none of the words")) is found


def test_a_source_may_keep_only_identifiers_that_begin_alike() -> None:
    agrip = Params(identifiers=("AGRIP-",))
    assert read(topic(), params=agrip) == Skipped("another identifier")
    assert notice(topic(identifier="agrip-simple-2027"), params=agrip).source_id == "50200417TOPICS"


def test_an_announcement_keeps_the_number_of_the_organisation_and_no_person() -> None:
    announced = row(
        "7001ANNOUNCEMENT",
        {
            "type": "ANNOUNCEMENT", "topic": "CERV-2027-CITIZENS-CIV-04", "topicTitle": "Citizens' assemblies",
            "description": "<p>We offer moderation. Contact: Pia Neri, pia.neri@example.org</p>", "pic": "900000102",
            "firstName": "Pia", "lastName": "Neri",
        },
        None,
    )  # fmt: skip
    one = notice(announced, asked=question.announcements())
    assert (one.kind, one.extra["sedia"]["pic"]) == ("partner_search", "900000102")
    assert one.body == "<p>We offer moderation. Contact: […]</p>"
    assert "Neri" not in one.model_dump_json()
    assert one.same_as == ("sedia:7001ANNOUNCEMENT",)
