"""What the simulator of SAM.gov invents, and how the platform writes it down."""

import hashlib
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

NOTICE = "/prod/opportunities/v1/noticedesc"
LABELS = {
    "o": "Solicitation",
    "k": "Combined Synopsis/Solicitation",
    "p": "Presolicitation",
    "r": "Sources Sought",
    "i": "Intent to Bundle Requirements (DoD-Funded)",
    "s": "Special Notice",
    "a": "Award Notice",
    "u": "Justification",
    "g": "Sale of Surplus Property",
}
_WORKS = (
    ("S", "Laundry and linen service", "812332", "S209"),
    ("", "Catering for visiting crews", "722320", "S203"),
    ("89", "FRUIT AND VEGETABLES, FRESH", "424480", "8915"),
    ("", "Grounds maintenance and tree care", "561730", "S208"),
    ("Z", "Repair of a warehouse roof", "238160", "Z2"),
    ("", "Language training for families", "611630", "U004"),
    ("2520", "SHAFT ASSEMBLY, GEARED", "336350", "2520"),
    ("", "Industry day: energy renovation of barracks", "541330", "C219"),
)
# Country, city, state of the office, zone of its clock.
_PLACES = (
    ("USA", "Dayton", "OH", "America/New_York"),
    ("USA", "Tucson", "AZ", "America/Phoenix"),
    ("ITA", "Vicenza", "", "Europe/Rome"),
    ("DEU", "Kaiserslautern", "", "Europe/Berlin"),
    ("JPN", "Yokosuka", "", "Asia/Tokyo"),
    ("ITA", "Sigonella", "", "Europe/Rome"),
)
_SET_ASIDES = (
    (None, None),
    ("", None),
    ("SBA", "Total Small Business Set-Aside (FAR 19.5)"),
    (None, None),
    ("NONE", "No Set aside used"),
)


@dataclass(frozen=True, slots=True)
class Opportunity:
    """The facts of one notice, before they are written down as the platform does."""

    index: int
    id: str
    letter: str
    posted: date
    due: datetime
    form: Literal["instant", "day", "none"]
    work: tuple[str, str, str, str]
    place: tuple[str, str, str, str]
    set_aside: tuple[str | None, str | None]
    described: bool = True
    title: str = ""


def opportunity(index: int, *, seed: int, today: date, of: int) -> Opportunity:
    """Invent a notice: the same seed makes the same; the higher its number, the later it was posted."""
    chance = random.Random(f"{seed} {index}")
    posted = today - timedelta(days=(of - 1 - index) * 40 // max(of, 1))
    place = _PLACES[chance.randrange(len(_PLACES))]
    hour = datetime.combine(posted + timedelta(days=chance.randint(5, 45)), time(14, 30), ZoneInfo(place[3]))
    letter = chance.choice("oooookkkpprrrsauig")
    return Opportunity(
        index=index,
        id=id_of(f"{seed} {index}"),
        letter=letter,
        posted=posted,
        due=hour,
        form="none" if letter in "aug" else chance.choice(("instant", "instant", "day", "none")),
        work=_WORKS[chance.randrange(len(_WORKS))],
        place=place,
        set_aside=chance.choice(_SET_ASIDES) if place[0] == "USA" else (None, None),
        described=index % 9 != 4,
    )


def id_of(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _due(one: Opportunity) -> str | None:
    forms = {"instant": one.due.isoformat(), "day": one.due.date().isoformat(), "none": None}
    return forms[one.form]


def record(one: Opportunity, home: str) -> dict[str, Any]:
    """Write a notice down as the search does; `home` is where its description is."""
    code, city, state, _ = one.place
    psc, title, naics, full_psc = one.work
    nested = {"city": {"code": "1", "name": city}, "country": {"code": code, "name": code}}
    place = [nested, nested, {}, None][one.index % 4] if code == "USA" else nested
    award = (
        {"date": one.posted.isoformat(), "number": f"N{one.index}", "amount": "125000.00"}
        if one.letter == "a"
        else None
    )
    described = f"{home}{NOTICE}?noticeid={one.id}"
    return {
        "noticeId": one.id,
        "title": one.title or (f"{psc}--{title}" if psc else title),
        "solicitationNumber": f" SIM{one.index:06d} ",
        "fullParentPathName": f"DEPT OF EXAMPLES.OFFICE OF SIMULATION.CONTRACTING   OFFICE {city.upper()}",
        "fullParentPathCode": "099.9900.SIM",
        "postedDate": one.posted.isoformat(),
        "type": LABELS[one.letter],
        "baseType": LABELS["r" if one.letter == "o" and one.index % 3 == 0 else one.letter],
        "archiveType": "auto15",
        "archiveDate": (one.due.date() + timedelta(days=15)).isoformat() if one.index % 2 else None,
        "typeOfSetAsideDescription": one.set_aside[1],
        "typeOfSetAside": one.set_aside[0],
        "responseDeadLine": _due(one),
        "naicsCode": naics,
        "naicsCodes": [naics],
        "classificationCode": full_psc,
        "active": "Yes",
        "award": award if award else [None, {"awardee": {}}][one.index % 2],
        "pointOfContact": [
            {
                "fax": "",
                "type": "primary",
                "email": "robin.marlowe@office.example",
                "phone": "937-555-0100",
                "title": None,
                "fullName": "Robin Marlowe",
            }
        ],
        "description": "null" if one.index % 11 == 10 else described,
        "organizationType": "OFFICE",
        "officeAddress": {"zipcode": "00000", "city": city.upper(), "countryCode": code, "state": state},
        "placeOfPerformance": place,
        "additionalInfoLink": None,
        "uiLink": "null" if one.index % 7 == 3 else f"https://sam.gov/opp/{one.id}/view",
        "links": [
            {"rel": "self", "href": f"https://api.sam.gov/prod/opportunities/v2/search?noticeid={one.id}&limit=1"}
        ],
        "resourceLinks": [f"https://sam.gov/api/prod/opps/v3/opportunities/resources/files/{one.id}/download"]
        if one.index % 2
        else None,
    }
