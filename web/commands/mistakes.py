"""Which exceptions are a user's or a machine's matter, and their words; everything else is a fault of ours."""


def mistakes() -> tuple[type[Exception], ...]:
    from sqlalchemy.exc import OperationalError

    from aggregator.intake.lease import Busy
    from aggregator.people.files import MembersError
    from aggregator.store.backup import BackupError
    from aggregator.store.disk import NoSpace
    from aggregator.store.migrations import StoreTooNew
    from connectors.base.contract import ConnectorError

    return (ConnectorError, MembersError, StoreTooNew, Busy, BackupError, NoSpace, OSError, OperationalError)


def told(mistake: Exception) -> list[str]:
    """Tell a mistake in one line; only a members file has a line for each of its problems."""
    from sqlalchemy.exc import OperationalError

    from aggregator.people.files import MembersError

    if isinstance(mistake, MembersError):
        return mistake.lines
    if isinstance(mistake, OperationalError):
        # The statement and its values are of no use to a user, and may hold what a source wrote.
        return [_one_line(f"store: {mistake.orig}")]
    if isinstance(mistake, OSError) and mistake.filename is not None and mistake.strerror:
        return [_one_line(f"{mistake.filename}: {mistake.strerror.lower()}")]
    return [_one_line(str(mistake) or type(mistake).__name__)]


def _one_line(text: str) -> str:
    return " ".join(text.split())
