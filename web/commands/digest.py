"""`digest`: see the next letter without any effect, and write and send those that are due."""

from datetime import UTC, datetime
from pathlib import Path

import click

from aggregator.digest import compose
from aggregator.digest.run import run
from aggregator.intake import standing
from aggregator.people import members
from connectors.base.contract import ParamError
from web.commands.moments import instant
from web.commands.opening import opened


@click.group("digest", epilog="Example: worldwidewe digest preview coop-example --out letters")
def digest_command() -> None:
    """Preview letters, and write and send those that are due."""


@digest_command.command("preview", epilog="Example: worldwidewe digest preview coop-example --out letters")
@click.argument("member")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for .eml, .html and .txt.")
@click.option("--now", "at", type=instant, help="The moment of the letter; default: now.")
def preview_command(member: str, out: Path | None, at: datetime | None) -> None:
    """Show the letter that a member would get now; nothing is sent and nothing changes.

    Without --out the text is printed.
    """
    now = at or datetime.now(UTC)
    with opened() as here, here.store.read() as connection:
        who = members.get(connection, member)
        if who is None:
            raise ParamError("member", f"there is no member {member!r}; see: worldwidewe members list")
        states = standing.states(connection, to="member")
        preview = compose.preview(connection, who, now=now, settings=here.settings, sources=states)
    if preview is None:
        click.echo(f"nothing to tell {who.name} now: no letter would be sent")
        return
    if out is None:
        click.echo(f"Subject: {preview.letter.subject}\n\n{preview.letter.text}")
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{member}.eml").write_bytes(preview.eml)
    (out / f"{member}.html").write_text(preview.letter.html, encoding="utf-8")
    (out / f"{member}.txt").write_text(preview.letter.text, encoding="utf-8")
    click.echo(f"{preview.letter.subject}\n{out / member}.eml, .html, .txt")


@digest_command.command("run", epilog="Example: worldwidewe digest run --now 2026-11-23T08:00+01:00")
@click.option("--now", "at", type=instant, help="The moment of the letters; default: now.")
def run_command(at: datetime | None) -> None:
    """Write this week's letters that do not exist yet, and deliver what lies in the outbox.

    It may be called as often as one likes: a second call of the same week sends nothing more.
    """
    with opened() as here:
        with here.store.read() as connection:
            states = standing.states(connection, to="member")
        done = run(here.store, here.settings, now=at or datetime.now(UTC), sources=states)
    click.echo(f"letters of {done.period}")
    for entry in done.members:
        click.echo(f"  {entry.member_id:30} {_WORDS[entry.result]}")
    sent = ", ".join(f"{count} {state}" for state, count in sorted(done.sent.items())) or "nothing to deliver"
    click.echo(f"mail: {sent}")
    if any(entry.result == "error" for entry in done.members):
        raise SystemExit(1)


_WORDS = {
    "written": "written",
    "empty": "nothing to tell: no letter",
    "already": "has this week's letter already",
    "no_recipient": "has no recipient: see worldwidewe members show",
    "error": "could not be composed; the log says why",
}
