"""`sources`: what we read, and how an admin changes it from the terminal."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from pydantic import BaseModel
from rich.console import Console

from aggregator.intake import (
    acceptance,
    alerts,
    bundles,
    confirmation,
    flood,
    naming,
    needs,
    presets,
    sources,
    standing,
)
from aggregator.intake.trial import Trial, report, trial
from aggregator.store.secrets import Vault
from web.commands import listing
from web.commands.drop import drop_command
from web.commands.first import first_sources
from web.commands.opening import opened
from web.commands.params import params_given


@click.group("sources", epilog="Example: worldwidewe sources add my-news feed url=https://example.org/rss.xml")
def sources_command() -> None:
    """List, show, add, change, remove and try sources: a source is a connector, its parameters and a rhythm."""


@sources_command.command("list", epilog="Example: worldwidewe sources list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per source.")
@click.option("--all/--on", "everything", default=True, help="All of them, or only those that are switched on.")
def list_command(as_json: bool, everything: bool) -> None:
    """List the sources: how each stands, what it brought, whom it is shown to, what it needs, and whether its platform
    was ever confirmed live."""
    with opened() as here:
        first_sources(here.store)
        kept = Vault(here.store, here.settings.home).everything()
        with here.store.read() as connection:
            states = [state for state in standing.states(connection) if everything or state.enabled]
            told = {state.name: listing.told(connection, state, kept) for state in states}
    if as_json:
        for state in states:
            click.echo(json.dumps(listing.as_json(state, told[state.name])))
        return
    Console(width=None if sys.stdout.isatty() else 180).print(listing.table(states, told))
    never = sum(not told[state.name].confirmed for state in states)
    click.echo(f"{len(states)} sources, {never} of them never confirmed live: worldwidewe sources test NAME --report")


@sources_command.command("show", epilog="Example: worldwidewe sources show ted-catering-tourism")
@click.argument("name")
def show_command(name: str) -> None:
    """Show one source: its parameters with their meaning, what it may show, what it needs and where to get it."""
    with opened() as here:
        first_sources(here.store)
        kept = Vault(here.store, here.settings.home).everything()
        with here.store.read() as connection:
            source = sources.get(connection, name)
            state = next(s for s in standing.states(connection) if s.name == name)
            hold, wrong = flood.held(connection, name), alerts.listed(connection, about=name)
    about = source.about
    click.echo(f"{source.name}: {source.title}")
    click.echo(f"connector      {source.connector}: {about.title} ({about.home})")
    click.echo(f"switched       {'on' if state.enabled else 'off'}, every {source.rhythm_minutes} minutes")
    click.echo(f"last read      {state.last_good or 'never'}; last visit: {state.last_class or 'none yet'}")
    if state.last_error:
        click.echo(f"last error     {state.last_error}")
    if hold:
        end = f"before {hold.until:%Y-%m-%d %H:%M} UTC" if hold.until else "before you say that it is right"
        way = f"worldwidewe sources accept {name}"
        click.echo(f"waits          what came since {hold.since:%Y-%m-%d %H:%M} UTC is in no letter {end}: {way}")
    for one in wrong:
        click.echo(f"alert          {one.kind} since {one.opened_at:%Y-%m-%d %H:%M} UTC")
    click.echo(f"rights         show {about.rights.show} to {about.rights.audience}; basis: {about.rights.basis}")
    for need in needs.of_source(source, kept):
        click.echo(f"needs          {listing.need_told(need)}")
    if about.needs:
        click.echo(f"needs          {about.needs}")
    click.echo(f"confirmed live {state.confirmed_live or about.confirmed_live or 'never'}")
    click.echo(f"read about it  docs/platforms/{about.name}.md")
    for caveat in about.caveats:
        click.echo(f"caveat         {caveat}")
    click.echo("parameters")
    for key, field in naming.fields(type(source.params)).items():
        click.echo(f"  {key} = {_plain(source.params, key)}")
        if field.description:
            click.echo(f"      {field.description}")


def _plain(params: BaseModel, key: str) -> str:
    value = params.model_dump(mode="json")[key]
    if isinstance(value, list):
        return ", ".join(str(v) for v in value) or "(none)"
    if isinstance(value, dict):
        return ", ".join(f"{k}: {v}" for k, v in value.items() if v not in (None, "", [])) or "(none)"
    return "(none)" if value in {None, ""} else str(value)


@sources_command.command("add", epilog="Example: worldwidewe sources add my-news feed url=https://example.org/rss.xml")
@click.argument("name")
@click.argument("connector")
@click.argument("params", metavar="[PARAMETER=VALUE]...", nargs=-1)
@click.option("--title", help="How readers see the source.")
@click.option("--every", type=click.IntRange(min=5), metavar="MINUTES", help="Rhythm; default: the connector's own.")
@click.option("--off", is_flag=True, help="Add it switched off.")
def add_command(
    name: str, connector: str, params: Sequence[str], title: str | None, every: int | None, off: bool
) -> None:
    """Add a source. Lists are given with commas: cpv=553,555. A removed source of this name comes back."""
    with opened() as here:
        first_sources(here.store)
        with here.store.write() as connection:
            sources.add(
                connection,
                name,
                connector=connector,
                params=params_given(connector, params),
                now=datetime.now(UTC),
                title=title,
                enabled=not off,
                rhythm_minutes=every,
            )
    click.echo(f"added {name}; try it with: worldwidewe sources test {name}")


@sources_command.command("set", epilog="Example: worldwidewe sources set ted-catering-tourism cpv=553,555 --every 720")
@click.argument("name")
@click.argument("params", metavar="[PARAMETER=VALUE]...", nargs=-1)
@click.option("--title", help="How readers see the source.")
@click.option("--every", type=click.IntRange(min=5), metavar="MINUTES", help="Rhythm.")
@click.option("--on/--off", "enabled", default=None, help="Switch it on or off.")
def set_command(name: str, params: Sequence[str], title: str | None, every: int | None, enabled: bool | None) -> None:
    """Change a source: what is given changes, the rest stays."""
    if not params and (title, every, enabled) == (None, None, None):
        raise click.UsageError("nothing to change was given")
    with opened() as here:
        first_sources(here.store)
        kept = Vault(here.store, here.settings.home).everything()
        with here.store.write() as connection:
            source, now = sources.get(connection, name), datetime.now(UTC)
            sources.change(
                connection,
                name,
                now=now,
                params=params_given(source.connector, params),
                title=title,
                enabled=enabled,
                rhythm_minutes=every,
            )
            as_one = source.about.reads == "nothing" and enabled is not None
            done = bundles.switch(connection, name, on=bool(enabled), kept=kept, now=now) if as_one else None
    click.echo(f"changed {name}")
    for line in bundles.said(done, name) if done else ():
        click.echo(line)


@sources_command.command("remove", epilog="Example: worldwidewe sources remove my-news")
@click.argument("name")
def remove_command(name: str) -> None:
    """Remove a source: it is switched off and hidden; what it brought stays, and `add` brings it back."""
    with opened() as here, here.store.write() as connection:
        sources.remove(connection, name, now=datetime.now(UTC))
    click.echo(f"removed {name}; what it brought stays on the board")


@sources_command.command("presets", epilog="Example: worldwidewe sources presets --add")
@click.option("--add", "wanted", is_flag=True, help="Add them, switched off.")
def presets_command(wanted: bool) -> None:
    """Name the starter sources of this version that the installation does not have yet, and add them if wanted."""
    with opened() as here:
        first_sources(here.store)
        with here.store.write() as connection:
            lacking = presets.missing(connection)
            if wanted:
                presets.add_missing(connection, now=datetime.now(UTC))
    for row in lacking:
        click.echo(f"{row['name']}: {row.get('title', row['connector'])}")
    way = "added, switched off" if wanted else "add them with: worldwidewe sources presets --add"
    click.echo(f"{len(lacking)} {way}" if lacking else "nothing is missing", err=True)


@sources_command.command("accept", epilog="Example: worldwidewe sources accept ted-catering-tourism")
@click.argument("name")
def accept_command(name: str) -> None:
    """Accept what was doubted: much less than before, much more at once, or the same under other numbers.

    What waited is in the next letters; what is the same under another number keeps its page and its history.
    """
    with opened() as here:
        done = acceptance.accept_in_parts(here.store, name, now=datetime.now(UTC))
    if done.carried:
        click.echo(f"{done.carried} notices go on under their new numbers")
    if done.released:
        click.echo(f"what {name} has brought waits no longer: the next letters may tell it")
    if done.anew:
        click.echo(f"accepted: what {name} lists now is taken for right; read it with: worldwidewe pull {name}")


@sources_command.command("test", epilog="Example: worldwidewe sources test ted-catering-tourism --report")
@click.argument("name")
@click.option("--report", "as_report", is_flag=True, help="Write a redacted report that says which stated facts held.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where the report goes; default: WORLDWIDEWE_HOME/reports."
)
@click.option("--confirm", is_flag=True, help="Say that what is shown is right: the source counts as confirmed live.")
def test_command(name: str, as_report: bool, out: Path | None, confirm: bool) -> None:
    """Ask the source for its first pages, show the first records, and change nothing.

    With --confirm the day is noted as the one on which a person saw that the live platform is read as it should be.
    """
    with opened() as here:
        first_sources(here.store)
        now = datetime.now(UTC)
        done = trial(here.store, name, settings=here.settings, now=now)
        folder = out or here.settings.home / "reports"
        _print_trial(done)
        if confirm and not done.error:
            confirmation.confirm(here.store, done, now=now)
            click.echo(f"confirmed live: {name}, {now:%Y-%m-%d}")
    if as_report:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}-{datetime.now(UTC):%Y-%m-%d}.md"
        path.write_text(report(done), encoding="utf-8")
        click.echo(f"report: {path}")
    if done.error:
        raise SystemExit(1)


def _print_trial(done: Trial) -> None:
    for held, fact in done.facts:
        click.echo(f"{'yes' if held else 'NO '}  {fact}")
    for line in done.first:
        click.echo(f"     {line}")
    if done.error:
        click.echo(f"worldwidewe: {done.error}", err=True)


sources_command.add_command(drop_command)
