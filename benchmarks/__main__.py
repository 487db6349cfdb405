"""Run the benchmarks, all or those that are named; exit 1 when a gate is missed.

One line per goal: name, measured, goal, pass|miss|report, (yardstick).
"""

import importlib
import sys

from benchmarks.goals import Line

ALL = ("ingest", "search", "dedupe", "office")


def main(names: list[str]) -> int:
    lines: list[Line] = []
    for name in [one for given in names for one in given.split(",")] or ALL:
        if name not in ALL:
            print(f"there is no benchmark {name!r}; there are: {', '.join(ALL)}", file=sys.stderr)
            return 2
        for line in importlib.import_module(f"benchmarks.{name}").run():
            print(line, flush=True)
            lines.append(line)
    return 1 if any(line.verdict == "miss" for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
