"""`opportunities join` and `split`: what a person knows better than any key or rule."""

from datetime import UTC, datetime

import click

from aggregator.intake import joining
from aggregator.matching.engine import record
from aggregator.people.members import everyone
from web.commands.opening import opened

_LAST = 2**31 - 1


@click.command("join", epilog='Example: worldwidewe opportunities join 12 47 --why "one call, says the buyer"')
@click.argument("one", type=click.IntRange(1, _LAST))
@click.argument("other", type=click.IntRange(1, _LAST))
@click.option("--why", required=True, help="In a few words, for whoever looks at it later.")
def join_command(one: int, other: int, why: str) -> None:
    """Say that two opportunities are one. The elder number stays; the other leads there from now on.

    Whoever was told of the one is not told of the other. `split` takes it back.
    """
    now = datetime.now(UTC)
    with opened() as here, here.store.write() as connection:
        item = joining.join(connection, one, other, why=why, now=now)
        record(connection, [item], everyone(connection), now=now)
    told = ", ".join(f"{n.source}:{n.source_id}" for n in item.notices)
    click.echo(f"one opportunity: {item.id}, told by {told}")


@click.command("split", epilog="Example: worldwidewe opportunities split 12 --notice grants-gov:355018")
@click.argument("id", type=click.IntRange(1, _LAST))
@click.option("--notice", required=True, help="Which one to part: SOURCE:ID, as `opportunities show` prints it.")
def split_command(id: int, notice: str) -> None:
    """Part a notice from an opportunity, for good: no key, no rule and no later visit puts them together again.

    It gets back the number that it had. Whoever was told of the one counts as told of the other. `join` takes it back.
    """
    source, colon, source_id = notice.partition(":")
    if not colon or not source_id:
        raise click.UsageError(
            f"{notice!r} is no notice; it is written SOURCE:ID, as `opportunities show {id}` prints it"
        )
    now = datetime.now(UTC)
    with opened() as here, here.store.write() as connection:
        rest, alone = joining.split(connection, id, source=source, source_id=source_id, now=now)
        record(connection, [rest, alone], everyone(connection), now=now)
    click.echo(f"parted: {rest.id} is left, and {notice} is {alone.id}")
