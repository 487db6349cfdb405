"""Murmurations as a simulator: its index, and the sites on which the profiles lie, on one loopback server.

The one thing to know: it answers as the published interface (OpenAPI 2.0.0) and the published schemas say; no live answer
was ever seen. Whoever is listed is invented.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.portals.server import Answer, Call, Portal, json_answer

ORGANISATIONS, OFFERS = "organizations_schema-v1.0.0", "offers_wants_schema-v0.1.0"
_KNOWN = frozenset(
    {
        *("schema", "last_updated", "lat", "lon", "range", "locality", "region", "country", "status", "tags"),
        *("tags_filter", "tags_exact", "primary_url", "name", "page", "page_size", "expires"),
    }
)
_MOST = 10_000
_PLACES = (("IT", "Trento", 46.07, 11.12), ("FR", "Lyon", 45.76, 4.84), ("SI", "Kranj", 46.24, 14.36))
_NAMES = ("Orto Comune", "Atelier du Bois", "Zadruga Gorenjska", "Forno Sociale", "Cycle Partagé", "Tkalnica")
_TRADES = (("food", "coop"), ("wood", "cooperative"), ("textile", "coop"), ("mobility", "association"))
_THINGS = (
    ("offer", "good", "Cheese boxes"),
    ("want", "service", "Translation into Slovene"),
    ("offer", "service", "Joinery"),
)


@dataclass(slots=True)
class Node:
    """One entry of the index and the profile behind it."""

    number: int
    schema: str
    url: str
    updated: int
    entry: dict[str, Any]
    profile: dict[str, Any]
    status: str = "posted"
    answer: Answer | None = field(default=None)


class MurmurationsPortal(Portal):
    """An index with so many organisations and offers or wants, and the sites of all of them.

    `seconds`: the index tells its changes in seconds, not milliseconds; it always compares with what it tells.
    """

    def __init__(
        self, *, organisations: int = 60, offers: int = 12, seed: int = 1, now: datetime | None = None, port: int = 0
    ) -> None:
        super().__init__(port=port)
        self.now = now or datetime.now(UTC)
        self.seed = seed
        self.seconds = False
        self.nodes: list[Node] = []
        self._first = [(ORGANISATIONS, n) for n in range(organisations)] + [(OFFERS, n) for n in range(offers)]

    def start(self) -> "MurmurationsPortal":
        super().start()
        for schema, number in self._first:
            self.add(schema, at=self.now - timedelta(hours=5 + number))
        self._first = []
        return self

    @property
    def endpoint(self) -> str:
        """What the connector's parameter `endpoint` must be."""
        return f"{self.url}/v2"

    def add(self, schema: str = ORGANISATIONS, *, at: datetime | None = None, url: str | None = None) -> Node:
        """List one more profile; `url`: where it is said to lie, else on a site of its own here."""
        number = len(self.nodes)
        chance = Random(f"{self.seed}/{number}")
        made = _organisation(number, chance) if schema == ORGANISATIONS else _offer(number, chance, self.now)
        place = chance.choice(_PLACES)
        made |= {"linked_schemas": [schema], "geolocation": {"lat": place[2], "lon": place[3]}}
        if schema == ORGANISATIONS:
            made |= {"country_iso_3166": place[0], "full_address": f"Via dei Mestieri {number}, {place[1]}"}
        entry = {"geolocation": made["geolocation"], "locality": place[1], "country": place[0], "tags": made["tags"]}
        if "name" in made:
            entry |= {"name": made["name"], "primary_url": f"site-{number}.example.org"}
        node = Node(number, schema, url or f"{self.url}/sites/{number}/profile.json", 0, entry, made)
        self.nodes.append(node)
        self._touch(node, at or self.now)
        return node

    def change(self, number: int, **profile: Any) -> Node:
        """Change a profile and tell the index."""
        node = self.nodes[number]
        node.profile |= profile
        self._touch(node, self.now + timedelta(minutes=len(self.calls) + 1))
        return node

    def delete(self, number: int) -> Node:
        """Take a profile away and tell the index, which goes on telling it as deleted."""
        node = self.nodes[number]
        node.status, node.answer = "deleted", json_answer({"error": "Not Found"}, status=404)
        self._touch(node, self.now)
        return node

    def _touch(self, node: Node, at: datetime) -> None:
        node.updated = int(at.timestamp() * (1 if self.seconds else 1000))

    def answer(self, call: Call) -> Answer:
        if call.path == "/v2/nodes":
            return self._search(call)
        found = re.fullmatch(r"/sites/(\d+)/profile\.json", call.path)
        if found and int(found[1]) < len(self.nodes):
            node = self.nodes[int(found[1])]
            return node.answer or json_answer(node.profile)
        return json_answer({"errors": [{"status": 404, "title": "Not Found", "detail": "no such path"}]}, status=404)

    def _search(self, call: Call) -> Answer:
        asked = call.query
        for name in asked:
            if name not in _KNOWN:
                told = f"The following query parameter is not valid: {name}"
                return _error("Invalid Query Parameter", told, source={"parameter": name})
        found = [node for node in self.nodes if self._fits(node, call)]
        page, size = int(asked.get("page", 1)), min(int(asked.get("page_size", 30)), 500)
        if page * size > _MOST and len(found) > _MOST:
            return _error("Max Results Exceeded", "No more than 10,000 results can be returned. Refine your query.")
        if not found:
            return json_answer({"data": []})
        pages = -(-len(found) // size)
        shown = found[(page - 1) * size : page * size]
        links = {"self": f"{self.url}/v2/nodes?page={page}"}
        if page < pages:
            links["next"] = f"{self.url}/v2/nodes?page={page + 1}"
        meta = {"number_of_results": len(found), "total_pages": pages}
        return json_answer({"data": [_told(node) for node in shown], "links": links, "meta": meta})

    def _fits(self, node: Node, call: Call) -> bool:
        asked = call.query
        wanted = [tag for tag in asked.get("tags", "").split(",") if tag]
        has = [any(tag in held for held in node.entry["tags"]) for tag in wanted]
        return (
            node.schema.startswith(asked.get("schema", ""))
            and node.updated >= int(asked.get("last_updated", 0))
            and node.status == asked.get("status", node.status)
            and asked.get("country", node.entry["country"]) == node.entry["country"]
            and (not wanted or (all(has) if asked.get("tags_filter") == "and" else any(has)))
        )


def _told(node: Node) -> dict[str, Any]:
    own = {
        "profile_url": node.url,
        "last_updated": node.updated,
        "linked_schemas": [node.schema],
        "status": node.status,
    }
    return own | node.entry


def _organisation(number: int, chance: Random) -> dict[str, Any]:
    name = f"{chance.choice(_NAMES)} {number}"
    return {
        "name": name,
        "nickname": name.split()[0],
        "primary_url": f"https://www.site-{number}.example.org/",
        "tags": list(chance.choice(_TRADES)),
        "description": "A group that works in common. Contact person: Dott.ssa Fiorella Bassani, tel. 0461 555123.",
        "status": "active",
        "contact_details": {"email": "fiorella.bassani@example.org", "contact_form": "https://example.org/form"},
        "telephone": "+39 0461 555123",
        "relationships": [
            {"predicate_url": "https://schema.org/memberOf", "object_url": "https://federation.example.org"}
        ],
    }


def _offer(number: int, chance: Random, now: datetime) -> dict[str, Any]:
    exchange, item, title = chance.choice(_THINGS)
    return {
        "exchange_type": exchange,
        "item_type": item,
        "transaction_type": ["buy-sell"],
        "tags": ["market", item],
        "title": f"{title} {number}",
        "description": "Regular deliveries. Write to fiorella.bassani@example.org.",
        "details_url": f"https://site-{number}.example.org/offer",
        "geographic_scope": chance.choice(("regional", "international")),
        "contact_details": {"email": "fiorella.bassani@example.org", "contact_form": "https://example.org/form"},
        "expires_at": int((now + timedelta(days=chance.randint(10, 90))).timestamp()),
    }


def _error(title: str, detail: str, **more: Any) -> Answer:
    return json_answer({"errors": [{"status": 400, **more, "title": title, "detail": detail}]}, status=400)
