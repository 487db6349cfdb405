"""All simulators in one process, for `worldwidewe run --demo`: prints one line of JSON and serves until its input ends.

The line names the sources that read them (as config/sources.toml would), the keys that some of them want, a file with
sample members and one with sample requests of theirs.
"""

import argparse
import json
import sys
from datetime import UTC, date, datetime

from tests.portals.more import running_more
from tests.portals.platforms import MEMBERS, REQUESTS, running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=3000, help="how many notices the tender platform holds")
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    given = parser.parse_args()
    with (
        running(today=given.today, notices=given.notices) as platforms,
        running_more(today=given.today, een=platforms.een, ted_numbers=platforms.on_both[:2]) as more,
    ):
        told = {
            "sources": [*platforms.sources(), *more.sources()],
            "keys": more.keys,
            "members": str(MEMBERS),
            "requests": str(REQUESTS),
        }
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
