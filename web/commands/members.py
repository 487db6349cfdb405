"""`members`: who gets letters. Members come from a file that the federation keeps."""

from datetime import UTC, datetime
from pathlib import Path

import click

from aggregator.matching.engine import record_all
from aggregator.people import members
from aggregator.people.files import load
from connectors.base.contract import ParamError
from web.commands.opening import opened


@click.group("members", epilog="Example: worldwidewe members import members.yml")
def members_command() -> None:
    """Import, list and show members."""


@members_command.command("import", epilog="Example: worldwidewe members import members.csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_command(file: Path) -> None:
    """Import members from YAML or CSV: all of the file or, when a line is wrong, none of it."""
    with opened() as here:
        given = load(file, country=here.settings.country, language=here.settings.languages[0])
        now = datetime.now(UTC)
        with here.store.write() as connection:
            done = members.put(connection, given, now=now)
            matched = record_all(connection, now=now)
    click.echo(
        f"{done.added} new, {done.updated} changed, {done.same} the same, {done.left_alone} not in the file and left alone"
    )
    if unfounded := sum(not recipient.basis for member in given for recipient in member.recipients):
        click.echo(
            f"{unfounded} recipients have no basis, which says why we may write to them: docs/members.md", err=True
        )
    click.echo(f"{matched} open opportunities match what they look for")


@members_command.command("list", epilog="Example: worldwidewe members list")
def list_command() -> None:
    """List the members: id, name, language, how many profiles and recipients."""
    with opened() as here, here.store.read() as connection:
        everyone = members.everyone(connection)
    if not everyone:
        click.echo("no members yet; see: worldwidewe members import --help")
    for member in everyone:
        counts = f"{len(member.profiles)} profiles, {len(member.recipients)} recipients"
        click.echo(f"{member.id:30} {member.language}  {counts:26} {member.name}")


@members_command.command("show", epilog="Example: worldwidewe members show coop-example")
@click.argument("id")
def show_command(id: str) -> None:
    """Show one member as it would stand in a members file."""
    import yaml

    with opened() as here, here.store.read() as connection:
        member = members.get(connection, id)
    if member is None:
        raise ParamError("member", f"there is no member {id!r}; see: worldwidewe members list")
    click.echo(
        yaml.safe_dump({"members": [member.model_dump(mode="json")]}, allow_unicode=True, sort_keys=False), nl=False
    )
