"""`digest`: see the next letter without any effect, write and send those that are due, and go on after a restore."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from aggregator.digest import compose, pause
from aggregator.digest.run import run
from aggregator.intake import standing
from aggregator.people import members
from aggregator.schedule import letters_due
from connectors.base.contract import ParamError
from web.commands.moments import instant
from web.commands.opening import opened
from web.commands.stopping import stopped_by_signals


@click.group("digest", epilog="Example: worldwidewe digest preview coop-example --out letters")
def digest_command() -> None:
    """Preview letters, write and send those that are due, go on after a restore."""


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
    with stopped_by_signals() as stopping, opened() as here:
        with here.store.read() as connection:
            states = standing.states(connection, to="member")
        done = run(here.store, here.settings, now=at or datetime.now(UTC), sources=states, stopping=stopping.is_set)
    if done.paused is not None:
        since = f"since {done.paused.since:%Y-%m-%d %H:%M} UTC ({done.paused.why})"
        raise ParamError("mail", f"paused {since}: nothing was written or sent; go on with: {pause.WAY_OUT}")
    click.echo(f"letters of {done.period}")
    for entry in done.members:
        click.echo(f"  {entry.member_id:30} {_WORDS[entry.result]}")
    sent = ", ".join(f"{count} {state}" for state, count in sorted(done.sent.items())) or "nothing to deliver"
    click.echo(f"mail: {sent}")
    if any(entry.result == "error" for entry in done.members):
        raise SystemExit(1)


@digest_command.command("resume", epilog="Example: worldwidewe digest resume --yes")
@click.option("--yes", is_flag=True, help="Do not ask: what is shown goes.")
@click.option("--skip", is_flag=True, help="Close what would go, and write no letters of this week.")
@click.option("--now", "at", type=instant, help="The moment at which mail goes on; default: now.")
def resume_command(yes: bool, skip: bool, at: datetime | None) -> None:
    """Let mail go on after a restore; show first which letters would go, and ask.

    Letters of weeks that were over when the store was restored are closed as skipped and never sent.
    """
    now = at or datetime.now(UTC)
    with opened() as here:
        zone = here.settings.zone
        with here.store.read() as connection:
            plan = pause.plan(connection, now=now, zone=zone, due=letters_due(now, zone))
        if plan is None:
            click.echo("mail is not paused")
            return
        click.echo(f"mail is paused since {plan.pause.since:%Y-%m-%d %H:%M} UTC: {plan.pause.why}")
        _show(plan, skip=skip)
        if not (plan.silent or yes or skip):
            if not sys.stdin.isatty():
                raise ParamError("digest resume", "say --yes to let them go, or --skip to close them unsent")
            click.confirm("Let them go?", abort=True)
        here.store.whole(lambda connection: pause.resume(connection, plan, skip=skip, now=now))
    click.echo("mail goes on")


def _show(plan: pause.Plan, *, skip: bool) -> None:
    closed = [*plan.late, *(plan.go if skip else ())]
    for title, letters in (("closed, not sent:", closed), ("would go:", [] if skip else plan.go)):
        if letters:
            click.echo(title)
        for one in letters:
            plural = "s" if one.messages > 1 else ""
            click.echo(f"  {one.period}  {one.member_id:30} {one.messages} message{plural}")
    if plan.unwritten:
        what = "no letters will be written for" if skip else "would be written and sent, for"
        click.echo(f"{plan.period}: {what} {len(plan.unwritten)} members: {', '.join(plan.unwritten)}")


_WORDS = {
    "written": "written",
    "empty": "nothing to tell: no letter",
    "already": "has this week's letter already",
    "skipped": "this week was skipped after a restore",
    "no_recipient": "has no recipient: see worldwidewe members show",
    "error": "could not be composed; the log says why",
}
