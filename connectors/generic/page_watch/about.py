"""What the watcher of a page says of itself, and what an admin enters to have a page watched."""

from pydantic import Field

from connectors.base.contract import About, Rights, Url
from connectors.generic.given import ZONE, Given
from connectors.generic.selecting import Pattern, Selector

ABOUT = About(
    name="page_watch",
    title="One page, watched for changes",
    home="https://www.w3.org/TR/selectors-4/",
    rights=Rights(audience="office", basis="not known: a page that its owner may not have meant as a list of offers"),
    rhythm_minutes=24 * 60,
    pace_seconds=2.0,
    languages="it, en;q=0.8",
    zone=ZONE,
    caveats=(
        "What has changed is not always an opportunity: the office sees it first, members only when the source is shared.",
        "Only what was added is reported, and only within the first 100,000 characters of text.",
    ),
)


class Params(Given):
    """One page, which part of it counts, and what is noise."""

    url: Url = Field(
        title="Address of the page",
        description="The page itself; a feed or a list of entries is better read by `feed` or `html_list`.",
        examples=["https://www.example.org/opportunita"],
        max_length=2048,
    )
    include_selectors: tuple[Selector, ...] = Field(
        (),
        title="What counts",
        description="CSS selectors of the parts to watch. One that matches nothing is an error, never a change.",
        examples=[["main .calls"]],
        max_length=20,
    )
    subtract_selectors: tuple[Selector, ...] = Field(
        (), title="What does not count", description="CSS selectors of parts that are left out.", max_length=20
    )
    ignore_patterns: tuple[Pattern, ...] = Field(
        (),
        title="Noise",
        description="Regular expressions; what they find in a line is taken out before lines are compared. Counters,"
        " days of the last update, ages and years of copyright are noise already.",
        examples=[[r"Aggiornato alle \d\d:\d\d"]],
        max_length=20,
    )
    trigger_pattern: Pattern | None = Field(
        None,
        title="Only if it says",
        description="Regular expression: a change is reported only when a line that was added fits.",
        examples=["(?i)bando|avviso|scadenza"],
    )
    share: bool = Field(
        False,
        title="For members too",
        description="Left off, changes are seen by the office alone. On: they reach members like any other notice.",
    )
