"""The store's own tables: notices, opportunities and their history. Other rooms keep theirs beside themselves.

Instants are ISO 8601 text in UTC, always written by `stamp`, so that they sort as text on every database.
Documents are JSON, compressed: a third of the bytes, and the database never looks inside them.
"""

import threading
from datetime import UTC, datetime
from functools import lru_cache

import sqlalchemy as sa
import zstandard

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


@lru_cache(maxsize=4096)
def stamp(moment: datetime) -> str:
    """Write an aware instant as sortable text: 2026-11-23T07:00:00Z (UTC, whole seconds)."""
    # isoformat is several times faster than strftime; and a page's rows have the same few moments, again and again.
    return moment.astimezone(UTC).isoformat()[:19] + "Z"


def moment(text: str) -> datetime:
    """Read back what `stamp` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


_zstd = threading.local()


def pack(document: str) -> bytes:
    """Compress a document for the store."""
    if not hasattr(_zstd, "writer"):
        # Making a compressor costs more than using it, and one may not be shared between threads.
        _zstd.writer, _zstd.reader = zstandard.ZstdCompressor(level=3), zstandard.ZstdDecompressor()
    packed: bytes = _zstd.writer.compress(document.encode())
    return packed


def unpack(packed: bytes) -> bytes:
    """Give back what `pack` compressed."""
    if not hasattr(_zstd, "reader"):
        pack("")
    document: bytes = _zstd.reader.decompress(packed)
    return document


opportunities = sa.Table(
    "opportunities",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    # What full-text search reads, and the opportunity without what has a column of its own or what a clock decides
    # (opportunities.document). Packed together, because the one repeats the other and so costs next to nothing.
    sa.Column("doc", sa.LargeBinary, nullable=False),
    # Values between spaces (" FR DE "), for filters and counts.
    sa.Column("places", sa.Text, nullable=False),
    sa.Column("sectors", sa.Text, nullable=False),
    sa.Column("sources", sa.Text, nullable=False),
    sa.Column("audience", sa.Text, nullable=False),
    # The first and the last deadline that matter, as instants; null where none is stated.
    sa.Column("first_deadline", sa.Text),
    sa.Column("closes_at", sa.Text),
    sa.Column("opens_at", sa.Text),
    sa.Column("announced", sa.Boolean, nullable=False),
    # Open without a date: continuous, or until the funds run out.
    sa.Column("endless", sa.Boolean, nullable=False),
    sa.Column("reserved", sa.Text, nullable=False),
    sa.Column("published", sa.Text),
    sa.Column("first_seen", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Text, nullable=False),
    sa.Column("withdrawn_at", sa.Text),
    # Grows with every write: who holds columns in memory asks for what is later (aggregator/store/sequence.py).
    sa.Column("seq", sa.Integer, nullable=False, server_default="0"),
    # When its texts were taken out, because we may keep them no longer (aggregator/store/retention.py).
    sa.Column("text_dropped_at", sa.Text),
    sa.Index("ix_opportunities_closes_at", "closes_at"),
    sa.Index("ix_opportunities_changed_at", "changed_at"),
    sa.Index("ix_opportunities_seq", "seq"),
)

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("opportunity_id", sa.Integer, sa.ForeignKey("opportunities.id"), nullable=False, index=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text),
    sa.Column("doc", sa.LargeBinary, nullable=False),
    sa.Column("first_seen", sa.Text, nullable=False),
    sa.Column("fetched_at", sa.Text, nullable=False),
    # Written only when a complete sweep misses the notice, and cleared when it is back (docs/formats.md, closing).
    sa.Column("missing_since", sa.Text),
    sa.Column("missed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("withdrawn_at", sa.Text),
    # Its source asks another question since it was last listed, so that its absence says nothing.
    sa.Column("unasked", sa.Boolean, nullable=False, server_default=sa.false()),
)

# Strong keys (Notice.same_as): two notices that share one are the same thing, whatever their texts say.
strong_keys = sa.Table(
    "strong_keys",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("opportunity_id", sa.Integer, sa.ForeignKey("opportunities.id"), nullable=False, index=True),
)

changes = sa.Table(
    "changes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("opportunity_id", sa.Integer, sa.ForeignKey("opportunities.id"), nullable=False, index=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("visit_id", sa.Integer),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
    sa.Column("at", sa.Text, nullable=False, index=True),
    sa.Column("cause", sa.Text, nullable=False),
    # The number under which it was noted, where that opportunity went into another: an undo takes it back.
    sa.Column("noted_of", sa.Integer),
)

# Where the number of an opportunity that went into another leads; it is never given again.
redirects = sa.Table(
    "redirects",
    metadata,
    sa.Column("old_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("opportunity_id", sa.Integer, sa.ForeignKey("opportunities.id"), nullable=False, index=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Index("ix_redirects_seq", "seq"),
)

# Why a notice stands behind an opportunity that it did not begin; never deleted, only marked as undone.
merges = sa.Table(
    "merges",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("opportunity_id", sa.Integer, nullable=False, index=True),
    # The number that the notice had of its own before, if it had one.
    sa.Column("old_id", sa.Integer),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    # key · rule · office · renamed
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("because", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("visit_id", sa.Integer),
    sa.Column("undone_at", sa.Text),
)

# Pairs of notices that a person has parted; nothing puts them behind one opportunity again. The lesser pair stands first.
notices_apart = sa.Table(
    "notices_apart",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("other_source", sa.Text, primary_key=True),
    sa.Column("other_id", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
)

# By what a notice is found to be like others (aggregator/store/alike.py). A notice that changes gets a new row.
likenesses = sa.Table(
    "likenesses",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    # When its last deadline ends; null where none is stated. What is long over is compared with nothing.
    sa.Column("ends", sa.Text),
    sa.Column("keys", sa.LargeBinary, nullable=False),
    sa.Index("ix_likenesses_notice", "source", "source_id"),
)

# What the office is told once, and once more when it is well again. `about` is a source's name, or "" for the installation.
alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("opened_at", sa.Text, nullable=False),
    sa.Column("told_at", sa.Text),
    sa.Column("healed_at", sa.Text),
    sa.Column("healed_told_at", sa.Text),
    sa.Index("ix_alerts_open", "about", "kind", "healed_at"),
)

memory = sa.Table(
    "memory",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

# The vault (aggregator/store/secrets.py).
secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    # A nonce of 12 bytes and the sealed text; the name is sealed in, so that no row can be put in another's place.
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("set_at", sa.Text),
    sa.Column("expires_at", sa.Text),
    # Who renews it now, and until when nobody else may.
    sa.Column("lock_owner", sa.Text),
    sa.Column("lock_until", sa.Text),
)
