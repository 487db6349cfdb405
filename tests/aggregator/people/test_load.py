"""Members files as people really write them, and what they are told when something is wrong."""

from datetime import date
from pathlib import Path

import pytest

from aggregator.people.member import Member
from aggregator.people.members import MembersError, load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "members.txt"


def read(file: Path, text: str, encoding: str = "utf-8") -> list[Member]:
    file.write_bytes(text.encode(encoding))
    return load(file)


def problems(file: Path, text: str) -> list[str]:
    with pytest.raises(MembersError) as caught:
        read(file, text)
    return caught.value.lines


def test_on_and_norway_are_words(file: Path) -> None:
    (member,) = read(
        file,
        "members:\n- name: A\n  recipients: [{email: a@example.org, on: 2026-11-01}]\n"
        "  profiles: [{countries: [NO, SE], home: false}]\n",
    )
    assert member.recipients[0].on == date(2026, 11, 1)
    assert member.profiles[0].countries == ("NO", "SE")
    assert member.profiles[0].home is False


def test_an_id_is_made_of_the_name_and_is_unique(file: Path) -> None:
    members = read(file, "- name: Società Agricola Però\n- name: Società agricola però\n- name: B\n  id: bi\n")
    assert [m.id for m in members] == ["societa-agricola-pero", "societa-agricola-pero-2", "bi"]


def test_every_problem_is_told_at_once_with_member_field_and_what_is_allowed(file: Path) -> None:
    told = problems(
        file,
        """
members:
  - id: one
    name: One
    typ: cooperative
    recipients: [{email: "a@example.org, b@example.org"}]
    profiles:
      - name: Export
        sectors: [pulizia, pulizie]
        kinds: [tenders]
        countries: [Francia]
        codes: [{cpv: 909}, 10.51, foo:1]
        budget: {min: 10, max: 5}
  - id: two
    name: Two
    language: fr
    profiles: [{kinds: tender}]
""",
    )
    text = "\n".join(told)
    for expected in (
        "members.txt: member one: typ: no such key; did you mean type?",
        "member one: recipient a@example.org, b@example.org: email: 'a@example.org, b@example.org' is not one mail address",
        "member one: profile Export: sectors: 'pulizia' is not a sector; did you mean facility_cleaning?",
        "member one: profile Export: sectors: 'pulizie' is not a sector; did you mean facility_cleaning?",
        "member one: profile Export: kinds: 'tenders' is not allowed; did you mean tender?",
        "member one: profile Export: countries: 'Francia' is not an ISO country code; did you mean FR?",
        "member one: profile Export: codes: {'cpv': 909} is not text; write it without a space",
        "member one: profile Export: codes: 10.51 is not text; put it in quotes",
        "member one: profile Export: codes: 'foo' is not a scheme of codes; one of ateco, cpv",
        "member one: profile Export: budget: min 10 is more than max 5",
        "member two: language: 'fr' is not allowed",
        "member two: profile 1: kinds: 'tender' is not a list; write [tender]",
    ):
        assert expected in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("members:\n- {id: a, name: A}\n- {id: a, name: B}\n", "id: 'a' is used by 2 members"),
        ("members:\n- id: a\n", "member a: name: is missing"),
        ("members:\n- {id: a, name: A, name: B}\n", "line 2: 'name' is written twice"),
        ("members: [", "line 1:"),
        ("members: {a: b}\n", "members: a list is wanted"),
        ("- a\n", "member 1: 'a' is not a member"),
        ("", "no member in it"),
        ("members: []\n", "no member in it"),
        ("members: []\nversion: 2\n", "version: no such key"),
        ("- {name: A, profiles: [{name: X}, {name: x}]}\n", "two profiles have the same name"),
        ("- {name: A, recipients: [{email: a@example.org}, {email: A@example.org}]}\n", "an address is given twice"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(file: Path, text: str, expected: str) -> None:
    assert any(expected in line for line in problems(file, text)), problems(file, text)


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\\r\\nBcc: b@example.org",
        "A <a@example.org>",
        "a@example.org;b@example.org",
        "a@localhost",
        "a b@example.org",
        "@example.org",
        '\\"a\\"@example.org',
        "a@exa_mple.org",
        "a..b@example.org",
        "a@example.org\\n",
    ],
)
def test_an_address_is_one_mailbox_and_nothing_else(file: Path, address: str) -> None:
    text = f'- name: A\n  recipients: [{{email: "{address}"}}]\n'
    if address.endswith("\\n"):
        # A line break at the end is white space, and goes.
        assert read(file, text)[0].recipients[0].email == "a@example.org"
    else:
        assert any("is not one mail address" in line for line in problems(file, text))


CSV = "name;type;language;email;basis;informed_by;on;sectors;countries;kinds;text\n"
ROW = 'Perù Però;cooperative;it;a@example.org;consent;la federazione;1/11/2026;"agri_crops;livestock_dairy";FR|DE;tender;"olio, vino"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("first", ["", "sep=;\n"])
def test_a_table_of_an_italian_spreadsheet_is_read(file: Path, encoding: str, ends: str, first: str) -> None:
    (member,) = read(file, (first + CSV + ROW + ";;;;;;;;;;\n").replace("\n", ends), encoding)
    assert (member.id, member.name) == ("peru-pero", "Perù Però")
    assert member.recipients[0].on == date(2026, 11, 1)
    assert member.profiles[0].sectors == ("agri_crops", "livestock_dairy")
    assert member.profiles[0].countries == ("FR", "DE")
    assert member.profiles[0].text == "olio, vino"


def test_a_table_with_commas_and_italian_headings_is_read(file: Path) -> None:
    (member,) = read(file, 'Nome,E-mail,Settori,Paesi,home\nA,a@example.org,"agri_crops, livestock_dairy",UK,sì\n')
    assert member.profiles[0].sectors == ("agri_crops", "livestock_dairy")
    assert member.profiles[0].countries == ("GB",)
    assert member.profiles[0].home is True


def test_rows_of_one_member_add_recipients_and_named_profiles(file: Path) -> None:
    (member,) = read(
        file,
        "name;email;profile;kinds\nA;a@example.org;One;tender\nA;b@example.org;;\nA;;Two;grant_call\nA;a@example.org;;\n",
    )
    assert [r.email for r in member.recipients] == ["a@example.org", "b@example.org"]
    assert [(p.name, p.kinds) for p in member.profiles] == [("One", ("tender",)), ("Two", ("grant_call",))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name;colour\nA;red\n", "row 1: 'colour' is no column"),
        ("name;sector\nA;agri_crops\n", "row 1: 'sector' is no column; did you mean sectors?"),
        ("name;name\nA;B\n", "row 1: two columns are called name"),
        ("email\na@example.org\n", "row 1: there is no column name"),
        ("name;home\nA;maybe\n", "row 2 (A): home: 'maybe' is neither yes nor no"),
        ("name;type\nA;office\nA;project\n", "row 3 (A): type: not as in an earlier row"),
        ("name;kinds\nA;tender\nA;event\n", "row 3 (A): profile: not as in an earlier row"),
        ("name;sectors\nA;pulizia\n", "row 2 (A): profile 1: sectors: 'pulizia' is not a sector"),
        ("name;type\nA;office;project\n", "row 2: more values than columns"),
        ("name;email;on\nA;a@example.org;soon\n", "row 2 (A): recipient a@example.org: on: 'soon'"),
        ("name;email\n;a@example.org\n", "row 2 (no name): name: is missing"),
        ('name;email\n"A;a@example.org\n', "not a table that can be read"),
    ],
)
def test_a_table_that_cannot_be_taken_says_row_and_column(file: Path, text: str, expected: str) -> None:
    told = problems(file, text)
    assert any(expected in line for line in told), told


def test_the_office_and_the_seat_say_what_the_member_leaves_out(file: Path) -> None:
    file.write_text("- {name: A}\n- {name: B, legal: {region: FRK2}}\n- {name: C, country: ITA, language: it}\n")
    a, b, c = load(file, country="ES", language="en")
    assert [(m.country, m.language) for m in (a, b, c)] == [("ES", "en"), ("FR", "en"), ("IT", "it")]


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(MembersError, match="No such file"):
        load(tmp_path / "none.yml")
