"""`sources drop`: lay files into the folder of a source, after they were read and shown."""

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import click

from aggregator.intake import drop, sources
from aggregator.intake.health import REJECTED_SHARE
from aggregator.intake.reading import Rejected, readings
from connectors.base.contract import Notice, Organisation, Page, ParamError, ParseError, Skipped
from web.commands.first import first_sources
from web.commands.opening import opened

_SHOWN = 3


@dataclass(slots=True)
class Checked:
    """What a file says when it is read as its source reads it."""

    notices: int = 0
    organisations: int = 0
    first: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    refused: str = ""

    @property
    def wrong(self) -> str:
        """Why the file had better not be laid there; empty when it may."""
        read = self.notices + self.organisations
        if self.refused:
            return self.refused
        if not read:
            return "nothing is read of it"
        share = len(self.rejected) / (read + len(self.rejected) + self.skipped.total())
        return f"{len(self.rejected)} rows cannot be read" if share > REJECTED_SHARE else ""


@click.command("drop", epilog="Example: worldwidewe sources drop coopspace-file posts.csv")
@click.argument("name")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(dir_okay=False))
@click.option("--anyway", is_flag=True, help="Lay a file there although it cannot be read, or most of it.")
def drop_command(name: str, files: Sequence[str], anyway: bool) -> None:
    """Lay files into the folder of a source that reads files. Each is read first, and what it says is shown.

    A file of the same name takes the place of the older one.
    """
    with opened() as here:
        first_sources(here.store)
        with here.store.read() as connection:
            source = sources.get(connection, name)
        if source.about.reads != "files":
            raise ParamError("source", f"{name} reads no files; those that do have the connector file_drop")
        folder = drop.folder(here.settings.home, name)
        laid = refused = 0
        for path in map(Path, files):
            body = _body(path)
            done = checked(source, path.name, body)
            _tell(path.name, done)
            if done.wrong and not anyway:
                click.echo(f"worldwidewe: {path.name}: not laid there: {done.wrong}; with --anyway it is", err=True)
                refused += 1
                continue
            _lay(folder / _safe(path.name), body)
            laid += 1
    if laid:
        click.echo(f"{laid} in {folder}; read with: worldwidewe pull {name}")
    if not source.enabled:
        click.echo(f"{name} is switched off: worldwidewe sources set {name} --on")
    if refused:
        raise SystemExit(1)


def checked(source: sources.Source, name: str, body: bytes) -> Checked:
    """Read a file as a visit would, and write nothing."""
    done = Checked()
    page = Page(url=f"file:{name}", body=body, fetched_at=datetime.now(UTC), role="file", params=source.params)
    try:
        for reading in readings(source.module, page):
            match reading:
                case Notice():
                    done.notices += 1
                    done.first.append(f"{reading.kind}: {next(iter(reading.titles.values())).text}")
                case Organisation():
                    done.organisations += 1
                    done.first.append(reading.name)
                case Skipped(reason):
                    done.skipped[reason] += 1
                case Rejected():
                    done.rejected.append(reading)
    except ParseError as exc:
        done.refused = f"{exc.where}: {exc.why}"
    return done


def _tell(name: str, done: Checked) -> None:
    click.echo(f"{name}: {done.notices} opportunities, {done.organisations} organisations")
    for line in islice(done.first, _SHOWN):
        click.echo(f"  {line[:110]}")
    for reason, times in done.skipped.items():
        click.echo(f"  left out, {times}: {reason}")
    for bad in done.rejected[:10]:
        click.echo(f"  {bad.where}: {bad.reason[:200]}")
    if len(done.rejected) > 10:
        click.echo(f"  and {len(done.rejected) - 10} rows more that cannot be read")


def _body(path: Path) -> bytes:
    if path.stat().st_size > drop.LARGEST:
        raise ParamError("file", f"{path} is larger than {drop.LARGEST} bytes; cut it into several")
    return path.read_bytes()


def _safe(name: str) -> str:
    """The name under which a file lies there: never hidden, never a path, no longer than a folder takes."""
    plain = "".join(sign if sign.isalnum() or sign in " ._-" else "_" for sign in Path(name).name)
    return plain.encode()[-200:].decode("utf-8", "ignore").lstrip(". ") or "file"


def _lay(path: Path, body: bytes) -> None:
    """Write the file in one piece, for nobody else to read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
