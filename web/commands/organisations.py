"""`organisations`: the partner directory: find an organisation, see who tells of it, part what was merged wrongly."""

import csv
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click
import sqlalchemy as sa
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aggregator.directory import apart
from aggregator.directory.entry import Entry
from aggregator.directory.labels import label, type_label
from aggregator.directory.relations import Tie, ties
from aggregator.directory.search import Query, every, find, get
from aggregator.intake import standing
from connectors.base.contract import ParamError
from web.commands.export import safe
from web.commands.opening import opened

_LANG = "it"
_COLUMNS = ("id", "name", "country", "place", "website", "type", "sectors", "networks", "sources", "licences")
_SEARCH = 'Example: worldwidewe organisations search "caseificio" --country IT'
_GONE = {"off": "its source is switched off", "removed": "its source was removed"}


@click.group("organisations", epilog=_SEARCH)
def organisations_command() -> None:
    """Search the directory of organisations, look at one, and part what was taken for one and is not."""


@organisations_command.command("search", epilog=_SEARCH)
@click.argument("text", default="")
@click.option("--country", "countries", multiple=True, help="Where it stands or whom it serves: IT; may be repeated.")
@click.option("--network", "networks", multiple=True, help="Of which network it is a member: ica; may be repeated.")
@click.option("--sector", "sectors", multiple=True, help="One of ours, a code, or how a word for it begins.")
@click.option("--source", "sources", multiple=True, help="Which source tells of it; may be repeated.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many, the best first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per organisation.")
def search_command(
    text: str,
    countries: tuple[str, ...],
    networks: tuple[str, ...],
    sectors: tuple[str, ...],
    sources: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """Find organisations by words (each as a beginning), "phrases" and -exclusions; accents do not matter.

    Without words, everything that the options leave, by name.
    """
    query = Query(text=text, countries=countries, networks=networks, sectors=sectors, sources=sources)
    with opened() as here, here.store.read() as connection:
        found = find(connection, query, limit=limit)
        silent = standing.unread(connection)
    if as_json:
        for entry in found.items:
            click.echo(json.dumps(_document(entry, silent), ensure_ascii=False))
        return
    if not found.items:
        click.echo("no organisation is found")
        return
    table = Table(box=box.SIMPLE)
    for column in ("id", "name", "country", "place", "website", "told by"):
        table.add_column(column, overflow="fold", justify="right" if column == "id" else "left")
    for entry in found.items:
        country = entry.country or (f"({entry.members_country})" if entry.members_country else "")
        row = (str(entry.id), entry.name, country, entry.place or "", entry.website or "", _told_by(entry))
        table.add_row(*(escape(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    click.echo(f"{len(found.items)} of {found.total}", err=True)


@organisations_command.command("show", epilog="Example: worldwidewe organisations show 12")
@click.argument("id", type=int)
@click.option("--json", "as_json", is_flag=True, help="As a JSON object.")
def show_command(id: int, as_json: bool) -> None:
    """Show an organisation: what is said of it, who says so under which licence, and to whom it is tied.

    A number that went into another entry leads there.
    """
    with opened() as here, here.store.read() as connection:
        entry = _entry(connection, id)
        tied, silent = ties(connection, entry), standing.unread(connection)
    if as_json:
        click.echo(json.dumps(_document(entry, silent, tied), ensure_ascii=False))
        return
    for line in _lines(entry, tied, silent):
        click.echo(line)


@organisations_command.command("split", epilog="Example: worldwidewe organisations split 12 --only 47")
@click.argument("id", type=int)
@click.option(
    "--only", "alone", type=int, multiple=True, help="Part this number alone from the others; may be repeated."
)
def split_command(id: int, alone: tuple[int, ...]) -> None:
    """Part organisations that were taken for one, for good: no later visit puts them together again.

    Without --only everybody behind the entry is parted from everybody; `show` tells their numbers.
    """
    with opened() as here, here.store.write() as connection:
        left = apart.split(connection, id, set(alone), now=datetime.now(UTC))
    click.echo(f"parted; the entries are now: {', '.join(map(str, left))}")


@organisations_command.command("join", epilog="Example: worldwidewe organisations join 47")
@click.argument("number", type=int)
def join_command(number: int) -> None:
    """Take back a split: what parted this number from others is forgotten, and what makes them one counts again."""
    with opened() as here, here.store.write() as connection:
        left = apart.join(connection, number)
    click.echo(f"no longer kept apart; the entries are now: {', '.join(map(str, left))}")


@organisations_command.command("export", epilog="Example: worldwidewe organisations export --format csv > partners.csv")
@click.option(
    "--format", "shape", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True, help="Form."
)
def export_command(shape: str) -> None:
    """Print every organisation that a source still lists, with its sources and their licences, for the office."""
    with opened() as here, here.store.read() as connection:
        silent = standing.unread(connection)
        if shape == "jsonl":
            for entry in every(connection):
                click.echo(json.dumps(_document(entry, silent), ensure_ascii=False))
            return
        out = csv.writer(sys.stdout, lineterminator="\r\n")
        out.writerow(_COLUMNS)
        for entry in every(connection):
            out.writerow([safe(cell) for cell in _row(entry)])


def _entry(connection: sa.Connection, id: int) -> Entry:
    current = apart.current(connection, id)
    entry = get(connection, current) if current is not None else None
    if entry is None:
        raise ParamError(
            str(id), "there is no organisation of this number; find one with: worldwidewe organisations search"
        )
    return entry


def _document(entry: Entry, silent: Mapping[str, str], tied: list[Tie] | None = None) -> dict[str, Any]:
    """As JSON; a source that is not read any more says so, and so does an entry that no source lists."""
    told = entry.model_dump(mode="json") | {"id": str(entry.id)}
    told["sources"] = [
        source | ({"unread": silent[source["source"]]} if source["source"] in silent else {})
        for source in told["sources"]
    ]
    if entry.hidden:
        told["hidden"] = True
    if tied:
        told["relations"] = [
            {"type": tie.type, "of": tie.of, "source": tie.source, "inward": tie.inward}
            | ({"id": str(tie.entry)} if tie.entry else {})
            for tie in tied
        ]
    return told


def _lines(entry: Entry, tied: list[Tie], silent: Mapping[str, str]) -> list[str]:
    sectors = [*entry.sectors, *(text for code in entry.codes if (text := label(code, _LANG)))]
    facts = (
        ("also called", "; ".join(entry.other_names)),
        ("what it is", type_label(entry.type, _LANG) if entry.type else ""),
        ("stands in", ", ".join(filter(None, (entry.place, entry.country)))),
        ("serves", entry.members_country or ""),
        ("website", entry.website or ""),
        ("domains", ", ".join(entry.domains)),
        ("works in", "; ".join(dict.fromkeys(sectors))),
        ("networks", ", ".join(entry.networks)),
        ("says", entry.description or ""),
    )
    lines = [f"{entry.id}  {entry.name}"] + [f"  {name}: {value}" for name, value in facts if value]
    if entry.hidden:
        lines.append("  no source lists it any more")
    for tie in tied:
        way = f"is {tie.type} of this:" if tie.inward else f"{tie.type}:"
        lines.append(f"  {way} {tie.of}" + (f" ({tie.entry})" if tie.entry else "") + f", says {tie.source}")
    for told in entry.sources:
        said = [f"{told.source}, id {told.source_id}, number {told.number}", f"licence: {told.licence or 'not known'}"]
        said += [f"taken for the same by {told.because}"] if told.because else []
        said += ["it lists it no more"] if told.gone else []
        said += [_GONE[silent[told.source]]] if told.source in silent else []
        lines.append(f"  told by {told.title or told.source} ({'; '.join(said)})")
    return lines


def _told_by(entry: Entry) -> str:
    return ", ".join(dict.fromkeys(told.source for told in entry.sources))


def _row(entry: Entry) -> tuple[str, ...]:
    return (
        str(entry.id),
        entry.name,
        entry.country or entry.members_country or "",
        entry.place or "",
        entry.website or "",
        type_label(entry.type, _LANG) if entry.type else "",
        "; ".join((*entry.sectors, *(text for code in entry.codes if (text := label(code, _LANG))))),
        "; ".join(entry.networks),
        _told_by(entry),
        "; ".join(dict.fromkeys(told.licence or "not known" for told in entry.sources)),
    )
