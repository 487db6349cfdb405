"""What the simulator of the International Trade Administration invents: events and leads, as the service writes them down."""

import hashlib
import random
from datetime import date, timedelta
from typing import Any

_FAIRS = (
    "Food & drink fair",
    "Mission for water works",
    "Webinar: selling care at home",
    "Machines for orchards",
    "Energy days",
)
_PLACES = (
    ("Bologna", "IT", "Italy"),
    ("Lyon", "FR", "France"),
    ("Lima", "PE", "Peru"),
    ("Austin", "US", "United States"),
)
_PERSON = {
    "first_name": "Robin",
    "last_name": "Marlowe",
    "email": "robin.marlowe@office.example",
    "phone": "202-555-0100",
}
SOURCES = ("CANADA", "FBO", "STATE", "UK", "MCA", "AUSTRALIA", "USTDA")


def event(index: int, *, seed: int, today: date, renamed: bool) -> dict[str, Any]:
    """Invent an event; `renamed`: with the names that the application of the agency reads today."""
    chance = random.Random(f"event {seed} {index}")
    begins = today + timedelta(days=chance.randint(1, 300))
    city, code, country = _PLACES[chance.randrange(len(_PLACES))]
    name, link = ("name", "registration_url") if renamed else ("event_name", "registration_link")
    sba = index % 4 == 3
    return {
        "id": hashlib.sha1(f"{seed} {index}".encode(), usedforsecurity=False).hexdigest()
        if sba
        else str(40_000 + index),
        name: f"{_FAIRS[index % len(_FAIRS)]} {city} {begins.year}",
        "event_type": chance.choice(("Certified Trade Mission", "Seminar-Webinar", "Trade Promotion Event")),
        "start_date": begins.isoformat(),
        "end_date": (begins + timedelta(days=index % 3)).isoformat(),
        **({"start_time": "10:30", "time_zone": "Central Standard Time"} if sba else {}),
        "cost": "25.00" if sba else chance.choice((0.0, 195.0)),
        link: f"https://events.office.example/register/{index}" if index % 3 else None,
        "registration_title": "Register" if index % 3 else None,
        "description": f"Meet buyers in {city}. Questions: Robin Marlowe, 202-555-0100.",
        "industries": ["Food Processing", "Agricultural Eq."][: 1 + index % 2],
        "ita_industries": [],
        "url": "www.fair.example" if index % 5 == 1 else None,
        "venues": [
            {"city": city, "country": code, "state": None, "venue": f"Hall {index % 7}", "country_name": country}
        ],
        "contacts": [_PERSON | {"person_title": "Trade Specialist", "post": city}],
        "source": "SBA" if sba else "ITA",
        "trade_regions": [],
        "world_regions": ["Europe"],
    }


def lead(index: int, *, seed: int, today: date) -> dict[str, Any]:
    """Invent a lead of one source after the other, with the fields that this source has."""
    source = SOURCES[index % len(SOURCES)]
    chance = random.Random(f"lead {seed} {index}")
    published = today - timedelta(days=chance.randint(0, 80))
    ends = (today + timedelta(days=chance.randint(5, 60))).isoformat()
    common = {
        "title": f"Works no. {index}",
        "description": f"<p>Works no. {index}. Contact: Robin Marlowe, robin.marlowe@office.example</p>",
        "publish_date": published.isoformat(),
        "country": "SN",
        "country_name": "Senegal",
        "ita_industries": ["Construction"],
        "source": source,
        "trade_regions": [],
        "world_regions": [],
    }
    return {**common, **_OWN[source](index, ends)}


def _canada(index: int, ends: str) -> dict[str, Any]:
    named = {"reference_number": f"PW-26-{index:06d}", "contract_number": f"C{index}/A", "publish_date_amended": None}
    more = {"industry": ["N8915: Fruits and Vegetables"], "urls": ["http://bit.ly/1x"], "contact": "Robin Marlowe"}
    return {
        "country": "CA",
        "end_date": ends,
        "status": "Active",
        "procurement_organization": "Office of Works",
        **named,
        **more,
    }


def _fbo(index: int, ends: str) -> dict[str, Any]:
    reserved = "Total Small Business" if index % 2 else "N/A"
    said = {
        "id": f"SIM-{index}",
        "title": f"S--Laundry no. {index}",
        "industry": "812320: Laundry",
        "classification_code": "S",
    }
    more = {"notice_type": "PRESOL", "competitive_procurement_strategy": reserved, "url": "http://1.usa.gov/1x"}
    return {"end_date": ends if index % 3 else None, "procurement_organization": "Department of Works", **said, **more}


def _state(index: int, ends: str) -> dict[str, Any]:
    said = {
        "id": f"DATATABLE.{index}",
        "lead_source": "World Bank",
        "project_number": f"P{index}",
        "tags": "Health; Construction",
    }
    more = {"industry": "Health Care and Social Assistance", "project_size": 13_500_000, "status": "Pipeline"}
    private = {"submitting_officer": "Robin Marlowe", "submitting_officer_contact": "202-555-0100"}
    return {
        "end_date": None,
        "borrowing_entity": "Ministry of Works",
        "url": "http://bit.ly/1y",
        **said,
        **more,
        **private,
    }


def _uk(index: int, ends: str) -> dict[str, Any]:
    worth = {"min_contract_value": 10_000, "max_contract_value": 50_000}
    said = {
        "id": f"uk-{index}",
        "reference_number": f"UK{index}",
        "industry": "45000000",
        "country": "GB",
        "status": "Open",
    }
    return {
        "end_date": ends,
        "procurement_organization": "Council of Works",
        "url": "https://works.example/uk",
        **said,
        **worth,
    }


def _mca(index: int, ends: str) -> dict[str, Any]:
    day = date.fromisoformat(ends)
    hidden = ["type/spn", "CPV/45232450", "country/sn - Senegal", f"deadline/{day:%Y/%b/%d}"]
    return {
        "id": f"mca-{index}",
        "categories": hidden,
        "funding_source": "Millennium Challenge Account (MCA)",
        "url": "http://bit.ly/1z",
    }


def _australia(index: int, ends: str) -> dict[str, Any]:
    return {
        "id": f"CN{index}",
        "title": None,
        "agency": "Department of Works",
        "contract_value": "1000",
        "start_date": ends,
    }


def _ustda(index: int, ends: str) -> dict[str, Any]:
    return {
        "id": hashlib.sha1(str(index).encode(), usedforsecurity=False).hexdigest(),
        "end_date": ends,
        "url": "http://1.usa.gov/1y",
    }


_OWN = {
    "CANADA": _canada,
    "FBO": _fbo,
    "STATE": _state,
    "UK": _uk,
    "MCA": _mca,
    "AUSTRALIA": _australia,
    "USTDA": _ustda,
}
