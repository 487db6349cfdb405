"""A Plone site as a simulator: @search of plone.restapi over calls, with its batches and its filter of dates.

The one thing to know: moments are stored in UTC; `scadenza_bando` comes with its offset and `apertura_bando` without.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tests.portals.region_content import Call as Bando
from tests.portals.region_content import call as bando
from tests.portals.server import Answer, Call, Portal, json_answer

ROME = ZoneInfo("Europe/Rome")


class PlonePortal(Portal):
    """One site with so many calls. `lying` names the same next page for ever, `straying` one on another path."""

    def __init__(self, *, calls: int = 60, today: date | None = None, port: int = 0) -> None:
        super().__init__(port=port)
        self.today = today or datetime.now(UTC).date()
        self.bandi: list[Bando] = [bando(number, self.today) for number in range(calls)]
        self.lying = self.straying = False
        self.volto = True

    def answer(self, call: Call) -> Answer:
        found = "/++api++/@search" if self.volto else "/@search"
        if call.path != found or "json" not in call.headers.get("accept", ""):
            return json_answer({"type": "NotFound", "message": "Resource not found"}, status=404)
        asked = dict(call.query)
        chosen = [one for one in self.bandi if self._is_asked(one, asked)]
        chosen.sort(key=lambda one: one.changed, reverse=asked.get("sort_order") == "descending")
        start, size = int(asked.get("b_start", 0)), int(asked.get("b_size", 25))
        here = f"{self.url}{found}"
        answer: dict[str, Any] = {
            "@id": f"{here}?{urlencode(asked)}",
            "items": [self._item(one) for one in chosen[start : start + size]],
            "items_total": len(chosen),
        }
        if len(chosen) > size:
            following = start if self.lying else start + size
            batching = {"@id": answer["@id"], "first": f"{here}?{urlencode(asked | {'b_start': 0})}"}
            if start + size < len(chosen) or self.lying:
                place = f"{self.url}/elsewhere" if self.straying else here
                batching["next"] = f"{place}?{urlencode(asked | {'b_start': following})}"
            answer["batching"] = batching
        return json_answer(answer)

    def _is_asked(self, one: Bando, asked: dict[str, str]) -> bool:
        since = asked.get("modified.query")
        return asked.get("portal_type") == "Bando" and (not since or one.changed >= datetime.fromisoformat(since))

    def _item(self, one: Bando) -> dict[str, Any]:
        closes = datetime.combine(one.closes, time(13), ROME).astimezone(UTC)
        closed = one.closes < self.today
        return {
            "@id": f"{self.url}/bandi/bando-{one.number}",
            "@type": "Bando",
            "UID": f"{one.number:032x}",
            "title": one.title,
            "description": one.about,
            "review_state": "published",
            "effective": one.published.isoformat(),
            "modified": one.changed.isoformat(),
            "apertura_bando": f"{datetime.combine(one.opens, time(9), ROME).astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
            "scadenza_bando": closes.isoformat(),
            "chiusura_procedimento_bando": (one.closes + timedelta(days=90)).isoformat(),
            "bando_state": ["closed", "Chiuso"] if closed else ["open", "Attivo"],
            "tipologia_bando": "Agevolazioni, finanziamenti, contributi",
            "destinatari": one.addressees,
            "materie": one.subjects,
            "ente_bando": None,
            "text": {"data": f"<p>{one.about}. Le domande si presentano sulla piattaforma della regione.</p>"},
            **one.more,
        }
