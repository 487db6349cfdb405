"""Invented posts of an invented federation, in LinkedIn's little text; no person in them exists."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

PAGE = "urn:li:organization:70112233"
_CALLS = (
    ("A wholesaler in Lyon looks for mountain cheese", "business_request", "formaggi"),
    ("Cercasi partner per un progetto sull'agricoltura sociale", "partner", "agricolturasociale"),
    ("Bando aperto: servizi educativi per l'infanzia", "call", "infanzia"),
    ("Trade mission to Rotterdam for food cooperatives", "mission", "export"),
    ("Appel à partenaires: économie circulaire dans le textile", "call", "tessile"),
)
_ENDS = (
    "Scrivi all'ufficio estero \\(entro venerdì\\).",
    "Details in the link \\[EN\\].",
    "Con @[Consorzio Valle Chiara](urn:li:organization:70445566) e {hashtag|\\#|coop}.",
    "Ne parla @[Fiorella Bassani](urn:li:person:AbC123xyz).",
)


@dataclass(slots=True)
class Post:
    number: int
    at: datetime
    commentary: str
    article: str | None = None
    modified: datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """A number that begins with its millisecond, as theirs do."""
        return f"urn:li:share:{(milliseconds(self.at) << 22) + self.number}"

    def json(self, author: str) -> dict[str, Any]:
        content: dict[str, Any] = {"media": {"id": f"urn:li:image:sim{self.number}", "altText": "Image"}}
        if self.article:
            content = {"article": {"source": self.article, "title": f"Page {self.number}", "description": "A page"}}
        return {
            "isReshareDisabledByAuthor": False,
            "createdAt": milliseconds(self.at),
            "lifecycleState": "PUBLISHED",
            "lastModifiedAt": milliseconds(self.modified or self.at) + 45,
            "visibility": "PUBLIC",
            "publishedAt": milliseconds(self.at) + 40,
            "author": author,
            "id": self.id,
            "distribution": {"feedDistribution": "MAIN_FEED", "thirdPartyDistributionChannels": []},
            "content": content,
            "commentary": self.commentary,
            "lifecycleStateInfo": {"isEditedByAuthor": self.modified is not None},
            **self.more,
        }


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def post(number: int, *, seed: int, now: datetime) -> Post:
    """Make one post; number 0 is the oldest, and they lie about three days apart."""
    chance = Random(f"{seed}/{number}")
    what, _, tag = chance.choice(_CALLS)
    text = f"{what}.\n\n{chance.choice(_ENDS)}\n#{tag} \\#non{number}"
    source = f"https://federation.example.org/avvisi/{number}" if chance.random() < 0.4 else None
    return Post(number, now - timedelta(hours=chance.randint(0, 40)), text, source)
