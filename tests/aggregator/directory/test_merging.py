"""Which organisations are one: by website, by name and country, never two that one source tells apart."""

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from aggregator.directory.merging import Row, groups
from aggregator.directory.names import host_of, name_key, site_of


def row(
    number: int,
    source: str,
    name: str = "Latteria Montana",
    website: str | None = None,
    country: str | None = "IT",
    place: str | None = None,
    gone: bool = False,
) -> Row:
    site = site_of(website)
    return Row(
        number=number,
        source=source,
        source_id=f"{source}-{number}",
        name_key=name_key(name),
        site=site,
        host=host_of(site),
        country=country,
        place=place,
        hidden_at="2026-11-23T07:00:00Z" if gone else None,
    )


def sets(rows: list[Row], apart: list[tuple[int, int]] | None = None) -> list[list[int]]:
    return sorted(sorted(r.number for r in group.rows) for group in groups(rows, apart or []))


def test_two_sources_that_give_one_website_tell_of_one_organisation_whatever_they_call_it() -> None:
    rows = [
        row(1, "a", "Latteria Montana", "https://lm.example"),
        row(2, "b", "Berg-Molkerei", "http://www.lm.example/de", "AT"),
    ]
    (group,) = groups(rows)
    assert (group.id, group.because) == (1, {2: "website lm.example"})


def test_a_page_on_a_platform_makes_nobody_one() -> None:
    rows = [row(1, "a", "Alfa", "https://facebook.com/x"), row(2, "b", "Beta", "https://facebook.com/x")]
    assert sets(rows) == [[1], [2]]


def test_a_host_that_different_organisations_of_one_source_share_is_no_key_for_anybody() -> None:
    rows = [
        row(1, "a", "Federazione", "https://federazione.example"),
        row(2, "a", "Cooperativa Uno", "https://federazione.example/uno"),
        row(3, "b", "Cooperativa Due", "https://federazione.example"),
    ]
    assert sets(rows) == [[1], [2], [3]]


def test_one_name_in_one_country_is_one_organisation_where_nothing_speaks_against_it() -> None:
    (group,) = groups([row(1, "a", "Latteria Montana soc. coop."), row(2, "b", website="https://lm.example")])
    assert group.because == {2: "name and country: latteria montana, IT"}


def test_a_name_without_a_country_or_in_another_one_says_nothing() -> None:
    assert sets([row(1, "a"), row(2, "b", country=None), row(3, "c", country="AT")]) == [[1], [2], [3]]


def test_a_common_name_with_two_websites_is_of_two_organisations_unless_they_stand_in_one_place() -> None:
    one, two = "https://aurora-milano.example", "https://aurora-roma.example"
    assert sets([row(1, "a", "Aurora", one), row(2, "b", "Aurora", two)]) == [[1], [2]]
    assert sets([row(1, "a", "Aurora", one, place="roma"), row(2, "b", "Aurora", two, place="roma")]) == [[1, 2]]
    # And a third without a website could be either.
    assert sets([row(1, "a", "Aurora", one), row(2, "b", "Aurora", two), row(3, "c", "Aurora")]) == [[1], [2], [3]]


def test_two_of_one_source_are_never_one_but_where_name_and_website_are_the_same() -> None:
    site = "https://lm.example"
    assert sets([row(1, "a"), row(2, "a")]) == [[1], [2]]
    assert sets([row(1, "a", website=site), row(2, "a", website=site), row(3, "b", website=site)]) == [[1, 2, 3]]
    # A name that a source gives twice is no key for the others either.
    assert sets([row(1, "a"), row(2, "a"), row(3, "b")]) == [[1], [2], [3]]


def test_who_is_kept_apart_stays_apart_on_every_way() -> None:
    site = "https://lm.example"
    rows = [row(1, "a", website=site), row(2, "b", website=site), row(3, "c", website=site)]
    assert sets(rows) == [[1, 2, 3]]
    assert sets(rows, [(1, 2)]) == [[1, 3], [2]]
    assert sets(rows, [(2, 1), (1, 3), (3, 2)]) == [[1], [2], [3]]


_NAMES = ("Alfa", "Beta", "Gamma soc. coop.")
_SITES = (None, "https://x.example", "https://y.example/it", "https://facebook.com/z")
_some_rows = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(_NAMES),
        st.sampled_from(_SITES),
        st.sampled_from(("IT", "FR", None)),
        st.sampled_from((None, "roma", "milano")),
        st.booleans(),
    ),
    max_size=14,
)


@given(_some_rows, st.randoms(use_true_random=False), st.sets(st.tuples(st.integers(0, 13), st.integers(0, 13))))
def test_what_is_one_does_not_depend_on_what_came_first(
    told: list[tuple[str, str, str | None, str | None, str | None, bool]],
    chance: random.Random,
    apart: set[tuple[int, int]],
) -> None:
    rows = [row(number, *one) for number, one in enumerate(told)]
    first = groups(rows, apart)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    second = groups(shuffled, apart)
    assert [(g.rows, g.because) for g in first] == [(g.rows, g.because) for g in second]
    assert sorted(r.number for g in first for r in g.rows) == [r.number for r in rows]
    for group in first:
        assert len(group.because) == len(group.rows) - 1
        numbers = {r.number for r in group.rows}
        assert not any(one in numbers and other in numbers and one != other for one, other in apart)
        for source in group.sources:
            mine = [r for r in group.rows if r.source == source]
            assert len({(r.name_key, r.site) for r in mine}) == 1
    # Who is listed no more neither joins nor parts those who are.
    listed = [r for r in rows if r.hidden_at is None]
    apart_now = [{r.number for r in g.rows} for g in groups(listed, apart)]
    seen = [{r.number for r in g.rows if r.hidden_at is None} for g in first]
    assert sorted(map(sorted, apart_now)) == sorted(sorted(one) for one in seen if one)


def test_three_in_a_row_are_one_only_where_each_pair_may_be() -> None:
    one, two = "https://x.example", "https://y.example"
    # The first and the last are told apart by one source; and two websites under one name are two.
    assert sets([row(1, "a", "Alfa", one), row(2, "b", "Beta", one), row(3, "a", "Beta")]) == [[1, 2], [3]]
    assert sets([row(1, "a", "Alfa", one), row(2, "b", "Beta", one), row(3, "c", "Beta", two)]) == [[1, 2], [3]]
    # A federation lends its host to its members, and one of them bears its name elsewhere.
    lent = [row(1, "a", "Alfa", one), row(2, "a", "Beta", one), row(3, "b", "Lega", one), row(4, "c", "Alfa")]
    assert sets(lent) == [[1, 4], [2], [3]]


def test_a_renamed_organisation_keeps_its_place_by_its_website_and_leaves_its_old_name_behind() -> None:
    site = "https://x.example"
    rows = [row(1, "a", "Alfa", site, gone=True), row(2, "a", "Omega", site), row(3, "b", "Alfa", site)]
    assert sets(rows) == [[1], [2, 3]]


def test_the_branches_of_one_house_are_grouped_in_reasonable_time() -> None:
    branches = [row(n, "a", "Banca della Valle", f"https://banca.example/{n}") for n in range(5_000)]
    begun = time.perf_counter()
    found = groups([*branches, row(9_000, "b", "Banca della Valle", "https://banca.example")])
    assert len(found) == 5_001
    assert time.perf_counter() - begun < 2
