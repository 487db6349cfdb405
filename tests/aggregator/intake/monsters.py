"""A server that answers every request with as much as a client will take, in the platform's own form; and visits to it.

Run as a program: it visits the server with one connector in a fresh store and prints how the visit ended and the most
memory that the process ever held above the program itself, in megabytes.

The one thing to know: what is sent is legal. It is packed, so that a small answer is large when it is unpacked, and holds
what costs most to keep: many small values, many tags, one long text of signs beyond the first plane.
"""

import base64
import gzip
import json
import random
import re
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from aggregator.intake import sources
from aggregator.intake.pipeline import read_source
from aggregator.store.migrations import upgrade
from aggregator.store.session import open_store
from config.settings import Settings
from tests.portals.server import Answer, Call, Portal

WHOLE = 19_000_000  # a little under what the client unpacks (connectors/base/body.py)
# What cannot be packed: so the whole does not unpack to more than a hundred times its size.
PADDING = base64.b64encode(random.Random(1).randbytes(210_000))


def _many_values() -> bytes:
    return b'{"pad":"' + PADDING + b'","notices":[' + b"{}," * (WHOLE // 3) + b'{}],"totalNoticeCount":9,"results":[]}'


def _a_long_text() -> bytes:
    # One sign of four bytes makes every sign of the text take four.
    return (
        b'{"pad":"' + PADDING + '","errorcode":0,"data":{"oppHits":[],"hitCount":"😀'.encode() + b"x" * WHOLE + b'"}}'
    )


def _rows_within() -> bytes:
    rows = ",".join(f'{{"publication-number":"{n}"}}' for n in range(120_000))
    return b'{"pad":"' + PADDING + b'","totalNoticeCount":9,"notices":[' + rows.encode() + b"]}"


def _calls_within() -> bytes:
    text = "<p>" + "word <b>of</b> a <i>call</i> " * 3_500 + "</p>"
    told = {"type": ["1"], "status": ["31094502"], "DATASOURCE": ["SEDIA"], "language": ["en"], "title": ["A call"]}
    rows = [
        {"reference": f"{n}TOPICSen", "metadata": told | {"identifier": [f"T-{n}"], "descriptionByte": [text]}}
        for n in range(40)
    ]
    whole = {"pad": PADDING.decode(), "totalResults": 900, "pageNumber": 1, "results": rows}
    return json.dumps(whole, ensure_ascii=False).encode()


def _tags_within() -> bytes:
    card = b"<article class=ecl-card><a href=x>y</a></article>"
    return b"<html><!--" + PADDING + b"--><main>" + card * 12_000 + b"</main></html>"


def _items_within() -> bytes:
    return _items()[:900_000]


def _rows(name: str, row: str) -> Callable[[], bytes]:
    def made() -> bytes:
        one = row.encode()
        return (
            b'{"errorcode":0,"pad":"'
            + PADDING
            + b'","totalResults":900000,"pageNumber":1,"%s":[' % name.encode()
            + (one + b",") * (WHOLE // (len(one) + 1))
            + one
            + b"]}"
        )

    return made


def _tags() -> bytes:
    return (
        b"<html><!--"
        + PADDING
        + b"--><main>"
        + b"<article class=ecl-card><a href=x>y</a></article>" * (WHOLE // 50)
        + b"</main></html>"
    )


def _attributes() -> bytes:
    return b"<html><!--" + PADDING + b"--><p " + b"a=1 " * (WHOLE // 4) + b">x</p></html>"


def _items() -> bytes:
    item = b"<item><title>Call</title><link>https://example.org/x</link><description>&lt;b&gt;x</description></item>"
    return (
        b'<?xml version="1.0"?><rss version="2.0"><channel><!--'
        + PADDING
        + b"-->"
        + item * (WHOLE // len(item))
        + b"</channel></rss>"
    )


MONSTERS: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "many values": ("ted", "application/json", _many_values),
    "rows without end": ("ted", "application/json", _rows("notices", '{"publication-number":"1-2026","links":{}}')),
    "a long text": ("grants_gov", "application/json", _a_long_text),
    "a page of rows": (
        "eu_funding",
        "application/json",
        _rows("results", '{"reference":"1TOPICSen","metadata":{"type":["1"],"status":["31094502"]}}'),
    ),
    "many tags": ("een", "text/html; charset=utf-8", _tags),
    "many attributes": ("een", "text/html; charset=utf-8", _attributes),
    "rows within the limits": ("ted", "application/json", _rows_within),
    "calls within the limits": ("eu_funding", "application/json", _calls_within),
    "tags within the limits": ("een", "text/html; charset=utf-8", _tags_within),
    "items within the limits": ("feed", "application/rss+xml", _items_within),
    "many items": ("feed", "application/rss+xml", _items),
}


class Monster(Portal):
    """Answers everything, robots.txt too, with the same monster."""

    def __init__(self, body: bytes, content_type: str) -> None:
        super().__init__()
        self._answer = Answer(200, gzip.compress(body, 6), {"content-type": content_type, "content-encoding": "gzip"})

    def answer(self, call: Call) -> Answer:
        return self._answer


def _peak() -> int:
    """The most memory that this process ever held, in megabytes."""
    # Not getrusage: its peak survives exec, and would be that of the test that started us (proc_pid_status(5)).
    told = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", told)[1]) // 1024  # type: ignore[index]


def main(name: str, address: str) -> None:
    connector, _, _ = MONSTERS[name]
    program = _peak()
    folder = Path(tempfile.mkdtemp())
    store = open_store(f"sqlite:///{folder / 'store.sqlite'}")
    upgrade(store)
    params = {"url" if connector == "feed" else "endpoint": f"{address}/list"}
    with store.write() as connection:
        sources.add(connection, "monster", connector=connector, params=params, now=datetime.now(UTC))
    settings = Settings(home=folder, loopback_hosts=("127.0.0.1",))
    done = read_source(store, "monster", settings=settings, patient=False, time_limit=60)
    store.close()
    said = {"class": done.kind, "error": done.error, "seconds": round(done.seconds, 1)}
    print(json.dumps({**said, "program": program, "held": _peak() - program}))


if __name__ == "__main__":
    main(*sys.argv[1:])
