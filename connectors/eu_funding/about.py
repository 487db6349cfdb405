"""What the EU Funding & Tenders Portal is, and what an admin may set.

The one thing to know: the search is anonymous, and its `apiKey` is the name of an index, no secret. A question in the
wrong encoding is answered with the whole index; so every row of every answer is held against the question (answers.py).
"""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.base.contract import About, Expect, LanguageCode, Rights, Url
from connectors.eu_funding.programmes import ALL_TYPES, StatusName, TypeName, programme_code

LIVE = "https://api.tech.ec.europa.eu/search-api/prod/rest/search"
PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen"
ZONE = "Europe/Brussels"
WINDOW = 10_000
"""So many documents of one question the platform hands out; what lies behind cannot be reached."""

ABOUT = About(
    name="eu_funding",
    title="EU Funding & Tenders Portal",
    home="https://ec.europa.eu/info/funding-tenders/opportunities/portal/",
    hosts=("api.tech.ec.europa.eu",),
    rights=Rights(
        show="full",
        audience="public",
        attribution="European Commission, Funding & Tenders Portal",
        basis="CC BY 4.0, Commission Decision 2011/833/EU on reuse",
    ),
    rhythm_minutes=24 * 60,
    pace_seconds=1.0,
    robots=False,
    sweep_days=1,
    zone=ZONE,
    # No least number: some programmes have nothing open for months. That nothing came is asked about in search.py.
    # Few deadlines may do: of tenders, prior information has none, and how much of it there is was never counted.
    expect=Expect(at_most=WINDOW, with_deadline=0.05),
    caveats=(
        "2026-11-25: written from recordings; nobody has read the live search with this connector yet",
        "2026-11-25: no cascade call, external-action call or partner announcement was seen as the portal sends it",
        "2026-11-25: the right of reuse is inferred from the Commission's general legal notice; the portal has no own word",
        "2026-11-25: how often one may ask is published nowhere; we ask one page a second at most",
        "2026-09-01: with displayFields the portal leaves the conditions of every topic out, so only titles are asked so",
    ),
    confirmed_live=None,
)

Programme = Annotated[str, AfterValidator(programme_code)]
Division = Annotated[str, Field(pattern=r"^\d{5,9}$")]
Word = Annotated[str, Field(min_length=3, max_length=60)]
Beginning = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9/+-]{1,60}$")]


class Params(BaseModel):
    """What to ask the portal for. Everything left as it is: everything that is open or announced."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    types: tuple[TypeName, ...] = Field(
        default=ALL_TYPES,
        min_length=1,
        title="Kinds",
        description="grant (calls of the programmes), tender (purchases of EU institutions and delegations), external_action "
        "(calls for third countries), cascade (calls that funded projects make for third parties).",
    )
    programmes: tuple[Programme, ...] = Field(
        default=(),
        max_length=30,
        title="Programmes",
        description="Short names (CERV, LIFE, ERASMUS, SMP, ESF …) or the portal's own codes. Empty: every programme. "
        "Tenders belong to no programme.",
        examples=[["CERV", "SMP"]],
    )
    divisions: tuple[Division, ...] = Field(
        default=(),
        max_length=30,
        title="Parts of programmes",
        description="The portal's codes for parts of a programme: 43121666 is the European Innovation Council.",
        examples=[["43121666"]],
    )
    statuses: tuple[StatusName, ...] = Field(
        default=("open", "forthcoming"),
        min_length=1,
        title="Status",
        description="open, forthcoming, closed. Tens of thousands are closed: ask for these by programme only.",
    )
    words: tuple[Word, ...] = Field(
        default=(),
        max_length=30,
        title="Only with one of these words",
        description="Beginnings of English words that title, description or tags must hold, looked for after reading: "
        "'social econom' finds economy and economies.",
        examples=[["social econom", "cooperativ"]],
    )
    identifiers: tuple[Beginning, ...] = Field(
        default=(),
        max_length=30,
        title="Only identifiers that begin so",
        description="For programmes whose code is not known: AGRIP- are the calls for the promotion of farm products.",
        examples=[["AGRIP-"]],
    )
    text: str = Field(
        default="",
        max_length=200,
        title="Words for the portal's own search",
        description="Asked of the portal itself, to make its answer shorter. A phrase in quotation marks is taken exactly.",
    )
    partner_search: bool = Field(
        default=False,
        title="Announcements of partner search",
        description="Also read what organisations announce to find partners for a topic. Names of persons are never kept. "
        "Not proven: no such answer was ever seen.",
    )
    title_languages: tuple[LanguageCode, ...] = Field(
        default=("it",),
        max_length=5,
        title="Titles also in",
        description="Languages other than English in which official titles are asked for, each in a pass of its own.",
    )
    page_size: int = Field(
        default=100,
        ge=1,
        le=100,
        title="Documents a page",
        description="The platform gives 100 at most; a full page weighs about 2 MB.",
    )
    max_pages: int = Field(
        default=60,
        ge=1,
        le=100,
        title="Most pages a pass",
        description="A visit stops here and says that it is incomplete.",
    )
    endpoint: Url = Field(
        default=LIVE,
        title="Address of the search",
        description="The live search, or a simulator of it.",
    )
