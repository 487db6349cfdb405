"""Moments given on the command line: ISO 8601 with an offset, or a local time of this machine's office."""

from datetime import datetime

import click

from web.commands.opening import settings_here


class Instant(click.ParamType[datetime]):
    name = "ISO 8601 instant"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        from zoneinfo import ZoneInfo

        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a moment; write it as 2026-11-23T08:00+01:00", param, ctx)
        # Without an offset the wall clock of the office is meant.
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings_here().zone))


instant = Instant()
