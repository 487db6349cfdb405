"""All simulators in one process, for `worldwidewe run --demo`: prints one line of JSON and serves until its input ends.

The line names the sources that read them (as config/sources.toml would) and a file with sample members.
"""

import argparse
import json
import sys
from datetime import UTC, date, datetime

from tests.portals.platforms import MEMBERS, running


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=3000, help="how many notices the tender platform holds")
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    given = parser.parse_args()
    with running(today=given.today, notices=given.notices) as platforms:
        print(json.dumps({"sources": platforms.sources(), "members": str(MEMBERS)}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
