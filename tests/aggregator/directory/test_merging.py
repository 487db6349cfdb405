"""Which organisations are one: by website, by name and country, never two that one source tells apart."""

import random

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
    ),
    max_size=14,
)


@given(_some_rows, st.randoms(use_true_random=False), st.sets(st.tuples(st.integers(0, 13), st.integers(0, 13))))
def test_what_is_one_does_not_depend_on_what_came_first(
    told: list[tuple[str, str, str | None, str | None, str | None]],
    chance: random.Random,
    apart: set[tuple[int, int]],
) -> None:
    rows = [row(n, source, name, site, country, place) for n, (source, name, site, country, place) in enumerate(told)]
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
