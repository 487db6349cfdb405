"""`doctor` and `backup`: what keeps an installation well."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from aggregator.intake import needs, standing
from aggregator.people import members
from aggregator.store.backup import BackupError, backup
from aggregator.store.migrations import current, newest
from aggregator.store.secrets import Vault
from web.commands.listing import need_told
from web.commands.opening import Opened, opened

_LEAST_FREE = 500 * 1024 * 1024


@click.command("backup", epilog="Example: worldwidewe backup backups/2026-11-23.sqlite")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_command(file: Path) -> None:
    """Copy the store into a new file, consistently, while it is in use."""
    with opened() as here:
        try:
            size = backup(here.store, file)
        except sqlite3.OperationalError as exc:
            raise BackupError(f"{file}: {exc}") from exc
        key = here.settings.home / "key"
    click.echo(f"{file}: {size / 1e6:.1f} MB")
    if key.exists():
        click.echo(f"keep {key} apart from it: it is not in the backup")


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
    engine = f"SQLite {sqlite3.sqlite_version}" if here.store.sqlite else "PostgreSQL"
    yield at == newest(), f"store: {engine}, schema {at}"
    free = shutil.disk_usage(settings.home).free
    yield free >= _LEAST_FREE, f"disk: {free / 1e9:.1f} GB free{'' if free >= _LEAST_FREE else ': make room'}"
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
    yield from _keys(here, now)
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
