"""What the feed connector says of itself, and what an admin enters to point it at a feed."""

from pydantic import Field

from connectors.base.contract import About, Rights, Url
from connectors.generic.given import ZONE, Given

ABOUT = About(
    name="feed",
    title="Feed (RSS, Atom, JSON Feed)",
    home="https://www.rssboard.org/rss-specification",
    rights=Rights(),
    rhythm_minutes=360,
    sweep_days=None,
    zone=ZONE,
    caveats=(
        "A feed shows only the newest items: what has left it is not closed.",
        "Deadlines, amounts and the kind are found in the text by rule; a feed has no fields for them.",
    ),
)


class Params(Given):
    """One feed, and what is true of all its items."""

    url: Url = Field(
        title="Address of the feed",
        description="The feed itself, not the page that links to it.",
        examples=["https://www.example.org/feed.xml"],
        max_length=2048,
    )
