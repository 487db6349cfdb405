"""The process that watches over the board stays small: it lives as long as the board does."""

import subprocess
import sys

_NAMES = """
import sys
import web.commands.mistakes, web.commands.serve, web.serve
print(*sorted(sys.modules))
"""


def test_serving_the_board_loads_nothing_that_reads_sources_or_writes_letters() -> None:
    done = subprocess.run([sys.executable, "-c", _NAMES], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "gunicorn.app.base" in loaded
    heavy = ("aggregator.intake", "aggregator.digest", "aggregator.matching", "numpy", "httpx")
    assert [name for name in loaded if name.startswith(heavy)] == []
