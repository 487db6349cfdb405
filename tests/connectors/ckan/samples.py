"""The recorded tables of CKAN: a dump of the data store as it lies there, and rows written back as the CSV that they were."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

from connectors.base.contract import Page
from connectors.generic.ckan import Params

TRENTINO = Params.model_validate(
    {
        "url": "https://dati.trentino.it/dataset/calendario-degli-avvisi-e-degli-inviti-a-partecipare-bandi-feasr",
        "lang": "it",
        "origin_country": "IT",
        "currency": "EUR",
        "closed": ["scaduto", "in attuazione e graduatoria"],
        "columns": {
            "title": "INTERVENTO",
            "opens": "DATA APERTURA",
            "deadline": "DATA CHIUSURA",
            "state": "STATO",
            "budget": "IMPORTO (Euro)",
            "eligibility": "BENEFICIARI",
            "html": "INFORMAZIONI",
            "url": "INFORMAZIONI",
            "region": "AREA GEOGRAFICA",
        },
    }
)
CALIFORNIA = Params.model_validate(
    {
        "url": "https://data.ca.gov/dataset/california-grants-portal",
        "lang": "en",
        "origin_country": "US",
        "zone": "America/Los_Angeles",
        "currency": "USD",
        "dates": "mdy",
        "columns": {
            "id": "PortalID",
            "title": "Title",
            "html": "Description",
            "summary": "Purpose",
            "updated": "LastUpdated",
            "opens": "OpenDate",
            "deadline": "ApplicationDeadline",
            "state": "Status",
            "budget": "EstAvailFunds",
            "grant": "EstAmounts",
            "organisation": "AgencyDept",
            "keywords": "Categories",
            "eligibility": "ApplicantType",
            "url": "GrantURL",
        },
    }
)


def page_of(row: dict[str, str], path: Path) -> Page:
    told = json.loads(path.read_bytes())
    if "records" in told:
        body, kind, params = path.read_bytes(), "application/json", CALIFORNIA
    else:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(told["rows"][0]))
        writer.writeheader()
        writer.writerows(told["rows"])
        body, kind, params = text.getvalue().encode(), "text/csv; charset=utf-8", TRENTINO
    return Page(
        url=row["url"] or params.url,
        body=body,
        fetched_at=datetime(2026, 6, 12, tzinfo=UTC),
        role="bulk",
        headers={"content-type": kind},
        params=params,
    )
