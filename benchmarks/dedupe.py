"""How well and how fast the same thing is found once, against datasketch's MinHashLSH on the same words.

The one thing to know: the rule was tuned on `TUNED` and `TUNED_MORE`. The figures that decide come from `HELD_OUT`, which
has another seed, other disturbances, look-alikes and losses of facts; the rule was not adjusted after it was seen. Both
sides begin with texts that are normalised; ours goes by pages of one source, as visits do: facts, signatures, index,
candidates and the rule. The yardstick only looks up and inserts, and joins whatever it finds. Seconds are those of
the processor, for neither side waits for anything.
"""

import gc
import os
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from datasketch import MinHash, MinHashLSH

from aggregator.intake.normalise import normalise
from aggregator.store import alike, headings
from aggregator.store.facts import Facts
from aggregator.store.opportunity import Opportunity
from aggregator.store.sameness import same
from aggregator.store.signing import fold
from benchmarks.goals import Line, ratio, report
from benchmarks.held_out import HELD_OUT
from benchmarks.perturbed import TRANSLATED, TUNED, Case, Recipe, corpus
from benchmarks.perturbed_more import TUNED_MORE
from connectors.base.contract import About, Rights

COUNT = 10_000
LARGE = int(os.environ.get("SIZE", "100000")) if os.environ.get("SIZE") != "full" else 1_000_000
ROUNDS = int(os.environ.get("ROUNDS", "3"))
PAGE = 100
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ABOUT = About(name="bench", title="Bench", home="https://notices.example.org/", rights=Rights(show="full"))
LSH = "datasketch MinHashLSH, num_perm 64, threshold .4, same words"
SPARED = "held out: other seed, other disturbances, not tuned on"


@dataclass(frozen=True, slots=True)
class Made:
    """A corpus, normalised: pages of places, and what the pairs are."""

    items: list[Opportunity]
    texts: list[str]
    pages: list[list[int]]
    copies: list[Case]
    look_alikes: list[Case]
    seconds: float


def run() -> Iterator[Line]:
    started = time.perf_counter()
    made = _made(COUNT, HELD_OUT)
    words = [f"{fold(Facts.of(item).title)} {text}" for item, text in zip(made.items, made.texts, strict=True)]
    ours, theirs, found = [], [], set[tuple[int, int]]()
    for _ in range(ROUNDS):
        theirs.append(_lsh(made, words))
        seconds, found = _ours(made)
        ours.append(seconds)
    yield ratio(f"dedupe, {COUNT:,} + copies, docs/s", ours, theirs, least=5, yardstick=LSH)
    yield from _judged("", made, found)
    yield from _kinds("  ", made, found, SPARED)
    for name, recipe in (("  tuned on", TUNED), ("  tuned on later", TUNED_MORE)):
        tuned = _made(COUNT, recipe)
        yield from _kinds(f"{name}: ", tuned, _ours(tuned)[1], "what the rule was made with; decides nothing")
    large = _made(LARGE, HELD_OUT)
    before = _memory()
    spent = [_ours(large) for _ in range(2 if LARGE > COUNT else 1)]
    small = [_ours(made)[0] for _ in range(ROUNDS)]
    rate = len(large.items) / min(seconds for seconds, _ in spent)
    share = rate / (len(made.items) / median(small))
    yield Line(
        f"dedupe, docs/s at {LARGE:,} to {COUNT:,}",
        f"{share:.2f}x",
        ">= 0.7x",
        "pass" if share >= 0.7 else "miss",
        f"ours at {COUNT:,} in the same run",
    )
    yield from _judged(f" at {LARGE:,}", large, spent[0][1])
    yield report("  ours", f"{len(made.items) / min(ours):,.0f} docs/s", "best round, words included")
    yield report("  datasketch", f"{len(made.items) / min(theirs):,.0f} docs/s", "best round")
    yield report(f"  ours at {LARGE:,}", f"{rate:,.0f} docs/s", "best round")
    yield report("  normalise", f"{len(large.items) / large.seconds:,.0f} docs/s", "one pass, before the rounds")
    yield report(
        "  memory of the index", f"{max(0, _memory() - before):,.0f} MB", f"more at the peak, {LARGE:,} + copies"
    )
    yield report("  whole benchmark", f"{time.perf_counter() - started:,.0f} s", "wall clock")


def _made(count: int, recipe: Recipe) -> Made:
    given = corpus(count, recipe)
    items, texts = [], []
    by_source: dict[str, list[int]] = {}
    started = time.perf_counter()
    for place, (source, notice) in enumerate(given.notices):
        draft = normalise(notice, source=source, about=ABOUT, fetched_at=NOW, rights=ABOUT.rights)
        # What is not compared need not lie about.
        items.append(draft.opportunity.model_copy(update={"body": None, "summary": None}))
        texts.append(fold(draft.text))
        by_source.setdefault(source, []).append(place)
    seconds = time.perf_counter() - started
    dice = random.Random(recipe.seed)
    pages = []
    for places in by_source.values():
        dice.shuffle(places)
        pages += [places[at : at + PAGE] for at in range(0, len(places), PAGE)]
    dice.shuffle(pages)
    # In the pipeline no corpus lies in memory for the collector to go through; on both sides alike.
    gc.collect()
    gc.freeze()
    return Made(items, texts, pages, given.copies, given.look_alikes, seconds)


def _ours(made: Made) -> tuple[float, set[tuple[int, int]]]:
    """Go through all pages as a visit would; returns the seconds, and the pairs that the rule calls the same."""
    index = alike.Index()
    # Stands for the look into the database, which is no part of either side.
    places = {(item.notices[0].source, item.notices[0].source_id): at for at, item in enumerate(made.items)}
    found = set()
    headings.heading.cache_clear()  # no round may live on the one before
    gc.collect()
    seconds = 0.0
    for page in made.pages:
        # A page comes from the stage before: it was made a moment ago, and does not lie somewhere far in memory.
        fresh = [(made.items[at].model_copy(deep=True), _anew(made.texts[at])) for at in page]
        started = time.process_time()
        facts = [Facts.of(item) for item, _ in fresh]
        rows = alike.of([(one, text) for one, (_, text) in zip(facts, fresh, strict=True)])
        for at, one, candidates in zip(page, facts, index.candidates(rows), strict=True):
            for candidate in candidates:
                other = places[candidate.source, candidate.source_id]
                if same(one, Facts.of(made.items[other]), likeness=candidate.likeness):
                    found.add((min(at, other), max(at, other)))
        index.add(rows)
        seconds += time.process_time() - started
    return seconds, found


def _lsh(made: Made, words: Sequence[str]) -> float:
    lsh = MinHashLSH(threshold=0.4, num_perm=64)
    gc.collect()
    seconds = 0.0
    for page in made.pages:
        fresh = [(at, _anew(words[at])) for at in page]
        started = time.process_time()
        for at, text in fresh:
            parts = text.split()
            runs = {" ".join(run) for run in zip(parts, parts[1:], parts[2:], strict=False)}
            signed = MinHash(num_perm=64)
            signed.update_batch([run.encode() for run in runs])
            lsh.query(signed)
            lsh.insert(at, signed)
        seconds += time.process_time() - started
    return seconds


def _anew(text: str) -> str:
    return text.encode().decode()


def _judged(when: str, made: Made, found: set[tuple[int, int]]) -> Iterator[Line]:
    recall = _share([case for case in made.copies if case.kind != TRANSLATED], found)
    wrong = _share(made.look_alikes, found)
    known = {(case.first, case.second) for case in (*made.copies, *made.look_alikes)}
    yield Line(f"recall, not translated{when}", f"{recall:.4f}", ">= .95", "pass" if recall >= 0.95 else "miss", SPARED)
    said = f"{wrong:.4f} of {len(made.look_alikes):,}"
    yield Line(f"false merges of look-alikes{when}", said, "<= .005", "pass" if wrong <= 0.005 else "miss", SPARED)
    yield report(f"  other false pairs{when}", f"{len(found - known)}", f"{len(made.items):,} notices")


def _kinds(name: str, made: Made, found: set[tuple[int, int]], yardstick: str) -> Iterator[Line]:
    for kind in dict.fromkeys(case.kind for case in made.copies):
        share = _share([case for case in made.copies if case.kind == kind], found)
        yield report(f"{name}recall, {kind}", f"{share:.3f}", yardstick)
    wrong = Counter(case.kind for case in made.look_alikes if (case.first, case.second) in found)
    for kind, count in Counter(case.kind for case in made.look_alikes).items():
        yield report(f"{name}false, {kind}", f"{wrong[kind]} of {count}", yardstick)


def _share(cases: Sequence[Case], found: set[tuple[int, int]]) -> float:
    return sum((case.first, case.second) in found for case in cases) / max(1, len(cases))


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
