"""`doctor`, `backup` and `restore`: what keeps an installation well."""

import logging
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from aggregator.digest import carried, pause
from aggregator.intake import alerts, needs, standing
from aggregator.intake.tables import sources
from aggregator.people import members
from aggregator.store.backup import backup, suffix, unused
from aggregator.store.disk import LEAST_FREE
from aggregator.store.migrations import current, newest
from aggregator.store.restore import restore
from aggregator.store.secrets import Vault
from aggregator.store.session import Store, open_store
from aggregator.store.tables import opportunities
from config.settings import Settings
from connectors.base.contract import FetchError
from web.commands.listing import need_told
from web.commands.opening import Opened, log_to_stderr, opened, settings_here


@click.command("backup", epilog="Example: worldwidewe backup backups/2026-11-23.sqlite")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_command(file: Path) -> None:
    """Copy the store into a new file, consistently, while it is in use."""
    with opened() as here:
        size = backup(here.store, file)
        key = here.settings.home / "key"
    click.echo(f"{file}: {size / 1e6:.1f} MB")
    if key.exists():
        click.echo(f"keep {key} apart from it: it is not in the backup")


@click.command("restore", epilog="Example: worldwidewe restore backups/2026-11-23.sqlite --force")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a store that holds something; it is set aside as a backup first.")
def restore_command(file: Path, force: bool) -> None:
    """Put a backup in the place of the store; mail stays paused until you say otherwise."""
    log_to_stderr(logging.WARNING)
    settings, now = settings_here(), datetime.now(UTC)
    settings.home.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.database_url)
    try:
        aside = unused(settings.home / "backups" / f"set-aside-{now:%Y-%m-%d-%H%M}{suffix(store)}")
        went = _gone_out(store, settings, now=now)
        done = restore(
            store, file, aside=aside, force=force, followed=(*pause.begin(f"restored from {file}", now=now), *_FREE)
        )
        learned = store.whole(lambda connection: carried.take_over(connection, went))
        with store.read() as connection:
            found = connection.scalar(sa.select(sa.func.count()).select_from(opportunities))
            there = members.everyone(connection)
        click.echo(f"{file}: restored, {found} opportunities, {len(there)} members")
        if done.at != newest():
            click.echo(f"brought from schema {done.at} to {newest()}")
        if done.aside is not None:
            click.echo(f"the store that was there: {done.aside}")
        if learned:
            click.echo(f"taken over from it: {learned} messages that went out since the backup")
        click.echo(f"mail is paused; look what would go, and go on with: {pause.WAY_OUT}")
        for line in _sealed(store, settings):
            click.echo(line)
    finally:
        store.close()


# Nobody reads for the store that a copy was made of: every schema has these columns.
_FREE = (sa.update(sources).values(lease_owner=None, lease_until=None),)


def _gone_out(store: Store, settings: Settings, *, now: datetime) -> list[carried.Gone]:
    """What the store that is there knows of letters that left; nothing where it is not there or cannot be read."""
    file = store.engine.url.database
    if store.sqlite and not Path(file or "").exists():
        return []
    try:
        with store.read() as connection:
            return carried.gone(connection, now=now, zone=settings.zone) if current(connection) else []
    except (DatabaseError, sqlite3.DatabaseError):
        return []
    finally:
        store.close()


def _sealed(store: Store, settings: Settings) -> Iterator[str]:
    """Which keys of platforms the key of this home does not open. A key that is missing is not made anew."""
    kept = [one.name for one in Vault(store, settings.home).everything()]
    key = settings.home / "key"
    if not key.exists():
        if kept:
            yield f"{key} is missing: lay it there before you start, or set these again: {', '.join(kept)}"
        else:
            yield f"{key} is missing: lay it there before you start, so that no letter is taken for another one"
        return
    for name in kept:
        try:
            Vault(store, settings.home).get(name)
        except FetchError as exc:
            yield str(exc)


@click.command("doctor", epilog="Example: worldwidewe doctor")
def doctor_command() -> None:
    """Check the installation and say what to do; exit status 1 when something must be done."""
    with opened() as here:
        findings = list(_findings(here))
    for well, line in findings:
        click.echo(f"{'ok  ' if well else 'TODO'}  {line}")
    if not all(well for well, _ in findings):
        sys.exit(1)


def _findings(here: Opened) -> Iterator[tuple[bool, str]]:
    settings, now = here.settings, datetime.now(UTC)
    yield True, f"home: {settings.home.resolve()}"
    with here.store.read() as connection:
        at, states, there = current(connection), standing.states(connection), members.everyone(connection)
        held = pause.paused(connection)
        wrong = [one for one in alerts.listed(connection) if one.kind in {"flood", "clock"}]
    engine = f"SQLite {sqlite3.sqlite_version}" if here.store.sqlite else "PostgreSQL"
    yield at == newest(), f"store: {engine}, schema {at}"
    free = shutil.disk_usage(settings.home).free
    yield free >= LEAST_FREE, f"disk: {free / 1e9:.1f} GB free{'' if free >= LEAST_FREE else ': make room'}"
    told = settings.contact is not None or settings.public_url is not None
    yield (
        told,
        (
            f"our name at the platforms: (+{settings.contact_page})"
            if told
            else "the platforms cannot find out who reads them: set WORLDWIDEWE_CONTACT to a public page"
        ),
    )
    good = [s for s in states if s.enabled and s.last_good]
    yield (
        bool(good) or not states,
        f"sources: {len(states)}, {len(good)} read so far{'' if good else '; read them with: worldwidewe pull'}",
    )
    for state in states:
        if state.enabled and state.last_error and (state.last_class not in standing.GOOD):
            yield False, f"source {state.name}: {state.last_class}: {state.last_error}"
        elif state.enabled and state.last_good and (now - state.last_good).days >= 8:
            yield False, f"source {state.name}: not updated since {state.last_good:%Y-%m-%d}"
    yield from ((False, f"{one.about or 'this installation'}: {one.kind}: {one.why}") for one in wrong)
    yield from _keys(here, now)
    if held is not None:
        yield False, f"mail is paused since {held.since:%Y-%m-%d %H:%M} UTC: {held.why}; go on with: {pause.WAY_OUT}"
    yield True, f"members: {len(there)}"
    if unfounded := sum(not recipient.basis for member in there for recipient in member.recipients):
        yield False, f"{unfounded} recipients have no basis, which says why we may write to them: docs/members.md"
    if settings.mailer == "maildir":
        yield True, f"letters go to files in {settings.home / 'maildir'}; to send them set WORLDWIDEWE_MAILER=smtp"
    else:
        named = "localhost" not in settings.mail_from
        yield named, f"letters go out by {settings.smtp_host}:{settings.smtp_port} from {settings.mail_from}"


def _keys(here: Opened, now: datetime) -> Iterator[tuple[bool, str]]:
    """Keys that a source which is switched on misses, and those that end within ten days."""
    kept = Vault(here.store, here.settings.home).everything()
    with here.store.read() as connection:
        asked = [need for need in needs.of_all(connection, kept) if need.enabled]
    for need in asked:
        if need.missing or need.ends_soon(now):
            yield False, f"source {need.source}: {need_told(need, now=now)}"
