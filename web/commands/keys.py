"""`keys`: the secrets of the platforms, set by name and never shown again."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import click
from rich import box
from rich.console import Console
from rich.table import Table

from aggregator.intake import needs
from aggregator.intake.needs import Need
from aggregator.store.secrets import Kept, Vault
from connectors.base.contract import ParamError
from web.commands.first import first_sources
from web.commands.opening import opened


@click.group("keys", epilog="Example: worldwidewe keys set sam-gov")
def keys_command() -> None:
    """Set, list and forget the keys that platforms ask for. They lie sealed in the store and are never printed."""


@keys_command.command("list", epilog="Example: worldwidewe keys list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per key.")
def list_command(as_json: bool) -> None:
    """List the keys that sources ask for and those that are kept: which is set, until when, and where to get it."""
    with opened() as here:
        first_sources(here.store)
        kept = Vault(here.store, here.settings.home).everything()
        with here.store.read() as connection:
            asked = needs.of_all(connection, kept)
    lines = list(_lines(asked, kept))
    if as_json:
        for line in lines:
            click.echo(json.dumps({key: value for key, value in line.items() if value}))
        return
    table = Table(box=box.SIMPLE)
    for column in ("key", "set", "ends", "asked for by", "what it is", "where to get it"):
        table.add_column(column, overflow="fold")
    for line in lines:
        table.add_row(*(line[key] for key in ("name", "set", "ends", "sources", "title", "where")))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _lines(asked: list[Need], kept: list[Kept]) -> Iterator[dict[str, str]]:
    there = {one.name: one for one in kept}
    for name in sorted({need.name for need in asked} | there.keys()):
        by = [need for need in asked if need.name == name]
        one = there.get(name)
        yield {
            "name": name,
            "set": f"{one.set_at:%Y-%m-%d}" if one else "no",
            "ends": f"{one.expires_at:%Y-%m-%d}" if one and one.expires_at else "",
            "sources": ", ".join(need.source for need in by),
            "title": by[0].key.title if by else "",
            "where": by[0].key.where if by else "",
        }


@keys_command.command("set", epilog="Example: worldwidewe keys set sam-gov")
@click.argument("name")
@click.argument("stray", nargs=-1, type=click.UNPROCESSED, metavar="")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it lives; default: what the platform says.")
def set_command(name: str, stray: tuple[str, ...], days: int | None) -> None:
    """Keep a key under its name. It is asked for unseen, or read from standard input: never from the command line."""
    if stray:
        # Whatever stands there is perhaps the key, and is not repeated.
        raise click.UsageError("a key is never given on the command line, where others can read it; it is asked for")
    with opened() as here:
        first_sources(here.store)
        vault = Vault(here.store, here.settings.home)
        with here.store.read() as connection:
            asked = [need for need in needs.of_all(connection, vault.everything()) if need.name == name]
        value = _asked(name, asked)
        lives = days or next((need.key.days for need in asked if need.key.days), None)
        vault.put(name, value, days=lives)
    ends = f"; it ends in {lives} days" if lives else ""
    click.echo(f"kept {name}{ends}")
    if not asked:
        click.echo("no source asks for a key of this name yet; see: worldwidewe keys list", err=True)
    for need in asked:
        switch = "" if need.enabled else f"; switch it on with: worldwidewe sources set {need.source} --on"
        click.echo(f"try it with: worldwidewe sources test {need.source}{switch}")


def _asked(name: str, asked: list[Need]) -> str:
    if not sys.stdin.isatty():
        value = sys.stdin.read().strip()
    else:
        for need in asked[:1]:
            click.echo(f"{need.key.title}: {need.key.how} ({need.key.where})", err=True)
        value = str(click.prompt(name, hide_input=True, err=True)).strip()
    if not value:
        raise ParamError(name, "nothing was given; paste the key, or pipe it in: worldwidewe keys set NAME < file")
    return value


@keys_command.command("forget", epilog="Example: worldwidewe keys forget sam-gov")
@click.argument("name")
def forget_command(name: str) -> None:
    """Remove a key from the vault. Sources that need it stop with the class auth until it is set again."""
    with opened() as here:
        gone = Vault(here.store, here.settings.home).forget(name)
    if not gone:
        raise ParamError("key", f"there is no key {name!r}; see: worldwidewe keys list")
    click.echo(f"forgot {name}, as of {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
