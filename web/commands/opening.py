"""What every command begins with: the settings, the log, and the store brought up to date."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from aggregator.store import disk
from aggregator.store.migrations import upgrade
from aggregator.store.session import Store, open_store
from config.settings import Settings, load
from connectors.base.contract import ParamError


@dataclass(frozen=True, slots=True)
class Opened:
    settings: Settings
    store: Store


@contextmanager
def opened(*, level: int = logging.WARNING) -> Iterator[Opened]:
    """Open the store of the settings, creating or migrating it; log to standard error from this level on."""
    log_to_stderr(level)
    settings = settings_here()
    store = open_here(settings)
    try:
        yield Opened(settings, store)
    finally:
        store.close()


def settings_here() -> Settings:
    """Read the settings. Raises ParamError that names the first wrong one."""
    try:
        settings = load()
        ZoneInfo(settings.zone)
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ParamError(f"WORLDWIDEWE_{first['loc'][0]}".upper(), f"{first['input']!r}: {first['msg']}") from exc
    except SettingsError as exc:
        # What it could not read is a list that is not written as JSON; the message names the setting.
        raise ParamError("settings", f'{exc}; a list is written as ["it", "en"]') from exc
    except (ZoneInfoNotFoundError, ValueError) as exc:
        raise ParamError("WORLDWIDEWE_ZONE", f"{settings.zone!r} is not a time zone such as Europe/Rome") from exc
    return settings


def open_here(settings: Settings) -> Store:
    """Open the store of these settings, creating or migrating it. Raises StoreTooNew, ParamError."""
    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        _may_lie_there(settings)
        store = open_store(settings.database_url)
        upgrade(store, copies=settings.home / "backups")
    except ModuleNotFoundError as exc:
        extra = "; PostgreSQL needs: pip install 'psycopg[binary]'" if exc.name == "psycopg" else ""
        raise ParamError("WORLDWIDEWE_DATABASE", f"{exc}{extra}") from exc
    except ArgumentError as exc:
        raise ParamError("WORLDWIDEWE_DATABASE", str(exc)) from exc
    except DatabaseError as exc:
        if "not a database" not in str(exc.orig):
            raise
        raise ParamError("store", f"{settings.database_url}: {exc.orig}") from exc
    return store


def _may_lie_there(settings: Settings) -> None:
    """Refuse a store of SQLite on a network file system. Raises ParamError that names the folder and the way out."""
    file = make_url(settings.database_url).database if settings.database_url.startswith("sqlite") else None
    if file and (why := disk.refusal(Path(file).parent)) is not None:
        raise ParamError("WORLDWIDEWE_DATABASE" if settings.database else "WORLDWIDEWE_HOME", why)


def log_to_stderr(level: int) -> None:
    """One event a line, UTC; in a terminal for people, elsewhere as logfmt-like pairs for machines."""
    people = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            # Plain tracebacks: the rich ones print local variables, which may hold what nobody should read.
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if people
            else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], drop_missing=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
