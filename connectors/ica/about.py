"""What ICA's list of members is to us, and how the file of it is taken from the source's folder.

The one thing to know: the newest file is the list. What an older file in the folder says is not looked at.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, Field

from connectors.base.contract import About, Expect, Page, ParamError, Rights, Visit
from connectors.ica.reading import form_of

ABOUT = About(
    name="ica",
    title="International Cooperative Alliance: members",
    home="https://www.ica.coop/en/about-us/our-members/global-cooperative-network",
    rights=Rights(
        show="summary",
        audience="members",
        attribution="International Cooperative Alliance (ica.coop)",
        basis="not known",
    ),
    reads="files",
    rhythm_minutes=24 * 60,
    sweep_days=0,
    needs="ICA's list of members, laid there with: worldwidewe sources drop NAME FILE (the letter: docs/platforms/ica.md)",
    # About 300 to 330 members; an older export with a row for each activity had no more than twice as many.
    expect=Expect(at_least=1, at_most=1_000),
    caveats=(
        "2026-11-25: ICA's own interface answers to its keys only; nothing is asked of it before ICA gives one.",
        "2026-11-25: the open snapshot is of about 2021, names no country and has no licence; no description is shown whole.",
        "2026-11-25: of ICA's export 21 rows of 2020 were seen; the names of 2023 are known from their description (unproven).",
    ),
)


class Params(BaseModel):
    """Which form of the list lies in the folder."""

    form: Literal["auto", "export", "snapshot"] = Field(
        "auto",
        title="Form of the list",
        description="auto: what the first file is, and from then on no other. export: ICA's own CSV or JSON. snapshot: the"
        " open file of the map of members. Their numbers differ, so each is a source of its own.",
    )


def fetch(visit: Visit) -> Iterator[Page]:
    """Hand on the newest file. Raises ParamError where there is none, or where it is the other form."""
    files = sorted(visit.files(), key=lambda file: (file.changed_at, file.name))
    if not files:
        raise ParamError("file", f"ICA's list is awaited in the folder of the source: {ABOUT.needs}")
    newest = files[-1]
    if len(files) > 1:
        visit.log.info("only the newest file is read", file=newest.name, left=[file.name for file in files[:-1]])
    form = form_of(newest.body)
    due = visit.cursor if visit.params.form == "auto" else visit.params.form
    if due is not None and form != due:
        raise ParamError(
            "form",
            f"{newest.name} is the {form}, and this source reads the {due}: their numbers differ; add a source of its own",
        )
    yield Page(
        url=f"file:{newest.name}",
        body=newest.body,
        fetched_at=visit.now,
        role="directory",
        headers={"content-type": "application/json" if newest.body.lstrip()[:1] in (b"{", b"[") else "text/csv"},
        cursor_after=form,
    )
