"""Requests of members in the store, with every version and the consent of each; and the file that the source reads.

The one thing to know: the table is the truth, the file is made of it, whole, by whoever changed the table; a file that
was lost or is older is made anew (docs/decisions/2026-11-25-members-requests.md).
"""

import json
import os
import secrets
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from aggregator.people.request import Consent, Held, Request
from aggregator.people.tables import request_versions, requests
from aggregator.store.session import Store
from aggregator.store.tables import moment, stamp
from connectors.base.contract import Notice, ParamError
from connectors.members import FILE, VERSION

# Without letters and digits that are taken for each other on the telephone.
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_LOCK = 7120265


def add(connection: sa.Connection, request: Request, *, now: datetime) -> Held:
    """Store a new request under a number of its own."""
    id = _free_id(connection, now)
    row = {"id": id, "doc": request.model_dump_json(), "version": 1, "key": secrets.token_urlsafe(18)}
    connection.execute(sa.insert(requests).values(**row, created_at=stamp(now), changed_at=stamp(now)))
    _note(connection, id, "added", now=now, doc=row["doc"])
    return get(connection, id)


def change(connection: sa.Connection, id: str, request: Request, *, now: datetime) -> Held:
    """Put other words in the place of a request's; a consent was given for the old ones and ends. Raises ParamError."""
    held = _open(connection, id)
    if held.request == request:
        return held
    values = {"doc": request.model_dump_json(), "version": held.version + 1, "changed_at": stamp(now), **_NO_CONSENT}
    connection.execute(sa.update(requests).where(requests.c.id == held.id).values(**values))
    _note(connection, held.id, "changed", now=now, doc=values["doc"])
    return get(connection, held.id)


def publish(connection: sa.Connection, id: str, consent: Consent, *, now: datetime) -> Held:
    """Note that the organisation agreed that everybody may see the request. Raises ParamError."""
    held = _open(connection, id)
    if not consent.by.strip() or not consent.basis.strip():
        raise ParamError("consent", "who gave it for the organisation, and where that stands written, must be said")
    if consent.on > now.date():
        raise ParamError("on", f"{consent.on} has not come yet")
    given = {"consent_by": consent.by, "consent_on": consent.on.isoformat(), "consent_basis": consent.basis}
    connection.execute(sa.update(requests).where(requests.c.id == held.id).values(**given))
    _note(connection, held.id, "published", now=now, **given)
    return get(connection, held.id)


def unpublish(connection: sa.Connection, id: str, *, now: datetime) -> Held:
    """Take a request back among the members; its key is a new one, for the old page was open. Raises ParamError."""
    held = _open(connection, id)
    if held.consent is None:
        raise ParamError("request", f"{held.id} is not published")
    values = {**_NO_CONSENT, "key": secrets.token_urlsafe(18)}
    connection.execute(sa.update(requests).where(requests.c.id == held.id).values(**values))
    _note(connection, held.id, "unpublished", now=now)
    return get(connection, held.id)


def withdraw(connection: sa.Connection, id: str, *, now: datetime) -> Held:
    """End a request: it leaves the board, the feed and the letters. Raises ParamError."""
    held = _open(connection, id)
    values = {"withdrawn_at": stamp(now), **_NO_CONSENT}
    connection.execute(sa.update(requests).where(requests.c.id == held.id).values(**values))
    _note(connection, held.id, "withdrawn", now=now)
    return get(connection, held.id)


def get(connection: sa.Connection, id: str) -> Held:
    """Read one request. Raises ParamError."""
    # No text of PostgreSQL may hold a NUL, not even one that is only asked for.
    row = (
        connection.execute(sa.select(requests).where(requests.c.id == id.strip().lower())).first()
        if "\0" not in id
        else None
    )
    if row is None:
        raise ParamError("request", f"there is no request {id!r}; see: worldwidewe requests list")
    return _held(row)


def everything(connection: sa.Connection) -> list[Held]:
    """Read all requests, the newest first, those that were withdrawn too."""
    rows = connection.execute(sa.select(requests).order_by(requests.c.created_at.desc(), requests.c.id))
    return [_held(row) for row in rows]


def history(connection: sa.Connection, id: str) -> list[tuple[datetime, str, Consent | None]]:
    """Say what was done with a request and when, the first first."""
    mine = sa.select(request_versions).where(request_versions.c.request_id == id)
    rows = connection.execute(mine.order_by(request_versions.c.number))
    return [(moment(row.at), row.what, _consent(row)) for row in rows]


def write_file(store: Store, folder: Path, *, notice: Callable[[Held], Notice]) -> int:
    """Write what the table holds into the folder of the source, in one piece; returns how many requests are in it.

    The store is held against writers meanwhile: two commands never write the older state over the newer one.
    """
    with store.write() as connection:
        if not store.sqlite:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        held = [one for one in everything(connection) if one.withdrawn_at is None]
        head = {"worldwidewe": "requests", "version": VERSION, "total": len(held)}
        lines = [json.dumps(head), *(notice(one).model_dump_json() for one in sorted(held, key=lambda one: one.id))]
        _replace(folder / FILE, "".join(f"{line}\n" for line in lines).encode())
    return len(held)


_NO_CONSENT = dict.fromkeys(("consent_by", "consent_on", "consent_basis"))


def _open(connection: sa.Connection, id: str) -> Held:
    held = get(connection, id)
    if held.withdrawn_at is not None:
        raise ParamError("request", f"{held.id} was withdrawn on {held.withdrawn_at:%Y-%m-%d}; add it anew")
    return held


def _free_id(connection: sa.Connection, now: datetime) -> str:
    taken = set(connection.scalars(sa.select(requests.c.id)))
    # Never a running number: a store that is begun anew must not give an old number to something else.
    while (id := f"{now.year}-{''.join(secrets.choice(_SIGNS) for _ in range(5))}") in taken:
        continue
    return id


def _note(connection: sa.Connection, id: str, what: str, *, now: datetime, **said: object) -> None:
    mine = request_versions.c.request_id == id
    last = connection.scalar(sa.select(sa.func.max(request_versions.c.number)).where(mine)) or 0
    connection.execute(
        sa.insert(request_versions).values(request_id=id, number=last + 1, at=stamp(now), what=what, **said)
    )


def _held(row: sa.Row[tuple[object, ...]]) -> Held:
    return Held(
        id=row.id,
        request=Request.model_validate_json(row.doc),
        version=row.version,
        key=row.key,
        created_at=moment(row.created_at),
        changed_at=moment(row.changed_at),
        withdrawn_at=moment(row.withdrawn_at) if row.withdrawn_at else None,
        consent=_consent(row),
    )


def _consent(row: sa.Row[tuple[object, ...]]) -> Consent | None:
    if row.consent_on is None:
        return None
    return Consent(by=row.consent_by, on=date.fromisoformat(row.consent_on), basis=row.consent_basis)


def _replace(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)  # hidden: the source passes it over; mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
