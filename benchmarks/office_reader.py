"""Who reads the board of the small office's benchmark: the same 200 addresses first one by one, then by four at once.

The one thing to know: an address is the one that the board itself writes (web/filters.py), so no answer is a redirection.
"""

import contextlib
import http.client
import random
import socket
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from benchmarks.corpus import vocabulary
from benchmarks.questions import COUNTRIES
from web.filters import KINDS, NOTHING

ASKED, READERS = 200, 4
_STARTS_IN, _PATIENCE = 60.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How the board answered, in milliseconds; `slowest` is a shape and its median."""

    good: int
    p50: float
    p95: float
    crowd_p95: float
    slowest: tuple[str, float]
    trouble: str | None


def asked(host: str, port: int, *, titles: list[str]) -> Answers:
    """Wait until the board answers, and ask it everything."""
    trouble = _wait_for(host, port)
    if trouble is not None:
        return Answers(good=0, p50=0, p95=0, crowd_p95=0, slowest=("", 0), trouble=trouble)
    wanted = _addresses(titles)
    alone = _ask(host, port, wanted)
    with ThreadPoolExecutor(READERS) as pool:
        parts = [wanted[start::READERS] for start in range(READERS)]
        crowd = [one for part in pool.map(lambda part: _ask(host, port, part), parts) for one in part]
    shapes: dict[str, list[float]] = defaultdict(list)
    for (shape, _), (_, seconds) in zip(wanted, alone, strict=True):
        shapes[shape].append(seconds * 1000)
    bad = [address for (_, address), (status, _) in zip(wanted, alone, strict=True) if status != 200]
    bad += [f"four readers: {status}" for status, _ in crowd if status != 200]
    times, crowded = (sorted(seconds * 1000 for _, seconds in some) for some in (alone, crowd))
    return Answers(
        good=sum(status == 200 for status, _ in (*alone, *crowd)),
        p50=median(times),
        p95=times[int(len(times) * 0.95)],
        crowd_p95=crowded[int(len(crowded) * 0.95)],
        slowest=max(((shape, median(some)) for shape, some in shapes.items()), key=lambda pair: pair[1]),
        trouble=f"{len(bad)} answers were not 200: {bad[0]}" if bad else None,
    )


def _wait_for(host: str, port: int) -> str | None:
    ends = time.monotonic() + _STARTS_IN
    while time.monotonic() < ends:
        with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
            return None
        time.sleep(0.1)
    return f"the board did not answer within {_STARTS_IN:.0f} s"


def _ask(host: str, port: int, wanted: list[tuple[str, str]]) -> list[tuple[int, float]]:
    """Status and seconds of each, over one connection; status 0 where there was none."""
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    done = []
    for _, address in wanted:
        started, status = time.perf_counter(), 0
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            connection.close()
        done.append((status, time.perf_counter() - started))
    connection.close()
    return done


def _addresses(titles: list[str]) -> list[tuple[str, str]]:
    """Eight shapes of question in turn, as people ask them; the same every time."""
    random_ = random.Random(17)
    words = vocabulary(7)

    def word() -> str:
        return words[int(10 ** random_.uniform(1.7, 4.3))]

    def some(values: tuple[str, ...], most: int) -> tuple[str, ...]:
        # In order: an address has one.
        return tuple(sorted(random_.sample(values, random_.randint(1, most))))

    def phrase() -> str:
        return f'"{" ".join(random_.choice(titles).split()[:2])}"'

    shapes: dict[str, Callable[[], str]] = {
        "front page": lambda: "/",
        "everything, a later page": lambda: NOTHING.address(page=random_.randint(2, 50)),
        "a word": lambda: NOTHING.address(q=word()),
        "two words and countries": lambda: NOTHING.address(q=f"{word()} {word()}", country=some(COUNTRIES, 3)),
        "a phrase": lambda: NOTHING.address(q=phrase()),
        "any of four words": lambda: NOTHING.address(q=" ".join(word() for _ in range(4)), match="any", deadline=30),
        "filters alone": lambda: NOTHING.address(country=some(COUNTRIES, 2), kind=some(KINDS, 2), size=50),
        "one opportunity": lambda: f"/opportunities/{random_.randint(1, len(titles) * 90)}",
    }
    turns = list(shapes.items())
    return [(name, make()) for name, make in (turns[number % len(turns)] for number in range(ASKED))]
