"""Which organisations of several sources are one and the same. Pure, and the same whatever came first.

The one thing to know: a wrong merge hides a partner behind another, a missed one shows it twice. So what could belong to
two is no key: a host that organisations of different names share in one source, a name that one source gives twice, a
name whose bearers have websites of their own and stand in different places.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Pairs = Collection[tuple[int, int]]
MOST = 200
"""So many organisations may share a website or a name; what more of them share (the branches of a bank) tells nobody apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One organisation of one source, as far as merging needs it (aggregator/directory/names.py)."""

    number: int
    source: str
    source_id: str
    name_key: str | None = None
    site: str | None = None
    host: str | None = None
    country: str | None = None
    place: str | None = None
    hidden_at: str | None = None
    """Set where its source lists it no more."""


@dataclass(slots=True)
class Group:
    """Organisations that are one: `because` says of each but the first why it stands here."""

    rows: list[Row]
    because: dict[int, str] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return min(row.number for row in self.rows)

    @property
    def sources(self) -> set[str]:
        return {row.source for row in self.rows}

    @property
    def listed(self) -> bool:
        return any(row.hidden_at is None for row in self.rows)


def groups(rows: Iterable[Row], apart: Pairs = ()) -> list[Group]:
    """Put rows that are one organisation together. `apart` are pairs of numbers that the office keeps apart.

    First the rows that one source gives for one organisation (same name, same website), then across sources by the host
    of the website, then by name and country. Who is listed no more comes after all others: it finds its place among
    them, and neither parts nor joins those who are listed.
    """
    ordered = sorted(rows, key=lambda row: (row.source, row.source_id))
    kept_apart = frozenset((min(pair), max(pair)) for pair in apart)
    listed, gone = ([row for row in ordered if (row.hidden_at is None) is here] for here in (True, False))
    hosts = _hosts(listed)
    found = _grouped([Group([row]) for row in listed], hosts, kept_apart)
    if not gone:
        return found
    hosts |= _hosts(gone) - {row.host for row in listed if row.host}
    return _grouped([*found, *(Group([row]) for row in gone)], hosts, kept_apart)


def _grouped(found: list[Group], hosts: Collection[str], kept_apart: Collection[tuple[int, int]]) -> list[Group]:
    found = _joined(found, _same_row, _always, "the same name and website in one source", kept_apart, within=True)
    found = _joined(
        found, lambda row: (row.host or "",) if row.host in hosts else None, _always, "website {}", kept_apart
    )
    return _joined(found, _name_and_country, _told_apart_by_none(hosts), "name and country: {}, {}", kept_apart)


def _same_row(row: Row) -> tuple[str, ...] | None:
    return (row.source, row.name_key, row.site) if row.name_key and row.site else None


def _name_and_country(row: Row) -> tuple[str, ...] | None:
    return (row.name_key, row.country) if row.name_key and row.country else None


def _hosts(rows: Sequence[Row]) -> set[str]:
    """The hosts that belong to one organisation: in no source do rows of different names share them."""
    names: defaultdict[tuple[str, str], set[str | None]] = defaultdict(set)
    for row in rows:
        if row.host:
            names[row.host, row.source].add(row.name_key)
    shared = {host for (host, _), told in names.items() if len(told) > 1}
    return {host for host, _ in names} - shared


def _always(_: Sequence[Group]) -> bool:
    return True


def _told_apart_by_none(hosts: Collection[str]) -> Callable[[Sequence[Group]], bool]:
    """A name is a key when no source gives it twice, and its bearers have one website, or stand in one place."""

    def one_only(bearers: Sequence[Group]) -> bool:
        given = [source for group in bearers for source in group.sources]
        if len(given) > len(set(given)):
            return False
        rows = [row for group in bearers for row in group.rows]
        sites = {row.host for row in rows if row.host in hosts}
        # A place is stated by none of the others here, or by all of them alike.
        return len(sites) <= 1 or (all(row.place for row in rows) and len({row.place for row in rows}) == 1)

    return one_only


def _joined(
    found: list[Group],
    key_of: Callable[[Row], tuple[str, ...] | None],
    is_key: Callable[[Sequence[Group]], bool],
    why: str,
    apart: Collection[tuple[int, int]],
    *,
    within: bool = False,
) -> list[Group]:
    """Join the groups that share a key; `within` one source only, else never two of one source."""
    # Beside those that are gone, who is listed has its place already.
    settled = not all(group.listed for group in found)
    bearers: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for group in found:
        for row in group.rows:
            if (key := key_of(row)) is not None:
                bearers[key].append(row)
    home: dict[int, Group] = {row.number: group for group in found for row in group.rows}
    for key in sorted(key for key, rows in bearers.items() if len(rows) > 1):
        sharing = _each_once(home[row.number] for row in bearers[key])
        if len(sharing) < 2 or (len(sharing) > MOST and not within) or not is_key(sharing):
            continue
        taken: list[Group] = []
        for group in sharing:
            host = next((one for one in taken if _may_join(one, group, apart, within=within, settled=settled)), None)
            if host is None:
                taken.append(group)
                continue
            host.rows += group.rows
            host.because |= {group.rows[0].number: why.format(*key), **group.because}
            home.update({row.number: host for row in group.rows})
    return _each_once(home[row.number] for group in found for row in group.rows)


def _may_join(one: Group, other: Group, apart: Collection[tuple[int, int]], *, within: bool, settled: bool) -> bool:
    if not within and one.sources & other.sources:
        return False
    if settled and one.listed and other.listed:
        return False
    return not apart or not any(
        (min(a.number, b.number), max(a.number, b.number)) in apart for a in one.rows for b in other.rows
    )


def _each_once(found: Iterable[Group]) -> list[Group]:
    once: Mapping[int, Group] = {id(group): group for group in found}
    return list(once.values())
