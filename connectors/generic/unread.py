"""What a reader's own fields could not give, named in the notice beside what its prose could not (`extra[NAME]["unread"]`)."""

from collections.abc import Sequence

from connectors.base.contract import Notice, Skipped


def naming(notice: Notice | Skipped, unread: Sequence[str], *, name: str) -> Notice | Skipped:
    """Name what was left out; `name` is the connector's."""
    if isinstance(notice, Skipped) or not unread:
        return notice
    own = dict(notice.extra.get(name, {}))
    own["unread"] = [*unread, *own.get("unread", [])]
    return notice.model_copy(update={"extra": {**notice.extra, name: own}})
