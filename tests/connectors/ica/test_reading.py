"""ICA's lists, read: what each of the three forms says, and what a stranger's file may not do."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.intake.reading import Rejected, readings
from connectors import ica
from connectors.base.contract import Organisation, Page, ParseError, Reading
from connectors.ica.countries import country_of
from connectors.ica.reading import form_of
from connectors.ica.vocabulary import ACTIVITY, REGION, STRUCTURE, TYPOLOGY, code_of

HEADER = (
    "Contact ID,Organisation Name,Country,Super-region,Region,Main-City,Main-Phone-Phone,Website,Typology,"
    "Structure Type,Economic activity (primary),Economic activities (additional)"
)
ROW = (
    '9001,"Dairies of the Valley, Union of",Malta,Europe,Europe (Western),Valdorata,+39 333 1234567,www.dairies.example,'
    'Producer coops,National apex,Agriculture,"Industry,Insurance"'
)


def page(body: str | bytes) -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(url="file:members.csv", body=data, fetched_at=datetime(2026, 11, 23, tzinfo=UTC), role="directory")


def told(body: str | bytes) -> list[Reading | Rejected]:
    return list(readings(ica, page(body)))


def only(body: str | bytes) -> Organisation:
    (one,) = told(body)
    assert isinstance(one, Organisation), one
    return one


def snapshot(**row: Any) -> str:
    return json.dumps({"status": "success", "data": [{"name": "Dairies", "uri": "https://dev.lod.coop/ica/7"} | row]})


def test_a_row_of_the_export_says_territory_structure_activities_and_no_phone() -> None:
    one = only(f"\ufeff{HEADER}\n{ROW}\n")
    assert (one.source_id, one.name, one.members_country, one.country) == (
        "9001",
        "Dairies of the Valley, Union of",
        "MT",
        None,
    )
    assert one.website == "http://www.dairies.example"
    assert one.codes == (
        *("ica-activity:ICA10", "ica-activity:ICA80", "ica-activity:ICA150"),
        *("ica-structure:OS180", "ica-typology:BMT20", "ica-region:I-EU-WE"),
    )
    assert "333" not in one.model_dump_json()


def test_an_export_whose_lines_stand_between_quotes_is_read_like_any_other() -> None:
    wrapped = "\n".join('"' + line.replace('"', '""') + '"' for line in (HEADER, ROW))
    assert only(wrapped) == only(f"{HEADER}\n{ROW}")


def test_an_export_in_windows_1252_keeps_its_accents() -> None:
    row = ROW.replace("Valdorata", "Córdoba")
    assert only(f"{HEADER}\n{row}".encode("cp1252")).place == "Córdoba"


def test_of_two_columns_of_one_name_the_first_counts() -> None:
    assert only("Contact ID,Organisation Name,Organisation Name\n1,First,Second").name == "First"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Palestine, State of", "PS"),
        ("Iran, Islamic Republic of", "IR"),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Korea, Republic of", "KR"),
        ("Curaçao", "CW"),
        ("Namibia", "NA"),
        ("UK", "GB"),
        ("it", "IT"),
        ("International", None),
        ("Asia+Pacific", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_country_is_known_by_its_names_and_never_guessed(written: str, code: str | None) -> None:
    assert country_of(written) == code


def test_every_word_of_the_lists_leads_to_one_code_whatever_its_signs() -> None:
    assert code_of(TYPOLOGY, "Consumer/User coops") == "BMT10"
    assert code_of(STRUCTURE, "Regional, state or provincial level federation or union") == "OS200"
    assert code_of(ACTIVITY, "Education / health / social work") == "ICA270"
    assert code_of(REGION, "Asia+Pacific") == "I-AP"
    assert code_of(ACTIVITY, "Basket weaving") is None
    for words in (TYPOLOGY, STRUCTURE, ACTIVITY, REGION):
        assert [word for word in words if code_of(words, word) is None] == []


def test_a_word_that_is_on_no_list_stays_a_word() -> None:
    assert only(f"{HEADER}\n{ROW.replace('Agriculture', 'Basket weaving')}").sectors == ("Basket weaving",)


def test_the_fields_of_2023_keep_the_address_apart_from_the_territory_and_persons_out() -> None:
    row = {
        "contact_id": 5,
        "organisation_name": "Union",
        "country_territory": "ignored",
        "location_and_language_country_code": "FR",
        "country_id": "Belgium",
        "intelligence_description_for_publications": "<p>Speaks <script>x</script>for all.</p><p>Contact: Pia Verdi, pia@union.example</p>",
    }
    one = only(json.dumps({"is_error": 0, "values": {"5": row}}))
    assert (one.country, one.members_country) == ("BE", "FR")
    assert one.description is not None
    assert one.description.startswith("Speaks for all.")
    assert "Verdi" not in one.description
    assert "@" not in one.description


def test_nought_is_no_place_and_the_place_by_hand_stands_in() -> None:
    one = only(snapshot(manLat="18.4", manLng="-66.1"))
    assert (one.lat, one.lon) == (18.4, -66.1)
    assert only(snapshot(lat="0", lng="0", manLat="0", manLng="0")).lat is None
    assert only(snapshot(lat="NaN", lng="1")).lat is None
    assert only(snapshot(lat="95", lng="1")).lat is None
    assert only(snapshot(lat="1")).lat is None


def test_a_row_that_cannot_be_read_is_named_where_it_has_a_number_and_the_others_are_read() -> None:
    found = told(f"{HEADER}\n{ROW}\n,No number,Malta\n9002,Two,Malta,,,,,,,,,,,too,many\n9003,Three,Malta\n")
    assert [one.source_id for one in found if isinstance(one, Organisation)] == ["9001", "9003"]
    assert [one.where for one in found if isinstance(one, Rejected)] == ["row 2", "row 3"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Name,Place\nA,B\n",
        f'{HEADER}\n9001,"never closed\n',
        f"{HEADER}\n9001,\0\n",
        '{"status": "success"}',
        '{"status": "success", "data": []}',
        '{"status": "success", "data": [1, 2]}',
        '{"is_error": 1, "error_message": "API permission check failed"}',
        '[{"name": "no number of ICA"}]',
        "[" * 200_000,
        "<html><head><title>Log in</title></head><body><form><input type=password></form></body></html>",
    ],
)
def test_what_is_no_list_of_ica_is_refused_whole(body: str) -> None:
    with pytest.raises(ParseError):
        told(body)


def test_a_login_page_under_the_name_of_a_list_is_suspicious() -> None:
    with pytest.raises(ParseError) as raised:
        told("<!DOCTYPE html><html><head><title>Log in</title></head><body><input type=password></body></html>")
    assert raised.value.suspicious


@given(st.binary(max_size=600))
def test_whatever_lies_in_the_folder_is_read_or_refused(body: bytes) -> None:
    try:
        told(body)
    except ParseError:
        return


@given(st.text(max_size=300))
def test_whatever_stands_in_a_row_is_read_or_set_aside(text: str) -> None:
    rows = [{"uri": "https://dev.lod.coop/ica/7", "name": text, "desc": text, "lat": text, "www": text, "regorg": text}]
    (one,) = told(json.dumps({"status": "success", "data": rows}))
    assert not isinstance(one, Rejected) or one.reason
    assert form_of(json.dumps({"status": "success", "data": rows}).encode()) == "snapshot"


def test_names_alone_never_decide_the_form() -> None:
    assert form_of(f"{HEADER}\n{ROW}".encode()) == "export"
    assert form_of(snapshot().encode()) == "snapshot"
    assert form_of(b'{"values": []}') == "export"
