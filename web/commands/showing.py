"""Long work made visible: bars in a terminal, a plain line per source elsewhere; both on standard error."""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from aggregator.intake.result import Progress, Result

_PLAIN = {
    "transient": "not reached",
    "throttled": "asked us to wait",
    "blocked": "refused us",
    "auth": "wants a key",
    "gone": "is gone",
    "drift": "has changed its form",
    "suspicious": "looks wrong",
    "config": "needs a look at its settings",
    "bug": "failed by a fault of ours",
}


class Shown(Protocol):
    def progress(self, step: Progress) -> None: ...
    def finished(self, result: Result) -> None: ...


def said(result: Result, title: str) -> str:
    """One line about a visit, in words."""
    if result.good:
        if result.kind == "same":
            return f"{title}: nothing new"
        tail = f" (stopped early: {result.error})" if result.kind == "partial" else ""
        return f"{title}: {result.seen} read, {result.new} new, {result.changed} changed{tail}"
    return f"{title}: {_PLAIN.get(result.kind, result.kind)} — {result.error}"


class _Lines:
    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles
        self._next: dict[str, int] = {}
        self._lock = threading.Lock()

    def progress(self, step: Progress) -> None:
        with self._lock:
            # Every thousand records, so that a long visit is seen to move and a log is not flooded.
            if step.seen >= self._next.setdefault(step.source, 1000):
                self._next[step.source] = step.seen - step.seen % 1000 + 1000
                of = f" of {step.total}" if step.total else ""
                click.echo(f"{self._titles.get(step.source, step.source)}: {step.seen}{of} …", err=True)

    def finished(self, result: Result) -> None:
        with self._lock:
            click.echo(said(result, self._titles.get(result.source, result.source)), err=True)


class _Bars:
    def __init__(self, bars: Bars, titles: Mapping[str, str]) -> None:
        self._bars, self._titles = bars, titles
        self._tasks: dict[str, TaskID] = {
            name: bars.add_task(title, total=None, start=False) for name, title in titles.items()
        }

    def _task(self, source: str) -> TaskID:
        if source not in self._tasks:
            self._tasks[source] = self._bars.add_task(source, total=None)
        return self._tasks[source]

    def progress(self, step: Progress) -> None:
        task = self._task(step.source)
        self._bars.start_task(task)
        self._bars.update(task, completed=step.seen, total=step.total)

    def finished(self, result: Result) -> None:
        task = self._task(result.source)
        self._bars.update(task, completed=max(result.seen, 1), total=max(result.seen, 1))
        self._bars.stop_task(task)
        line = said(result, self._titles.get(result.source, result.source))
        self._bars.console.print(
            ("[green]✓[/] " if result.good else "[yellow]![/] ") + line.replace("[", r"\["), highlight=False
        )
        self._bars.remove_task(task)
        del self._tasks[result.source]


@contextmanager
def shown(titles: Mapping[str, str]) -> Iterator[Shown]:
    """Show the reading of these sources (name → title) while the block runs."""
    if not sys.stderr.isatty():
        yield _Lines(titles)
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bars(bars, titles)
