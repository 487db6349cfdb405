"""The recorded rows of Socrata, as the bare list that they were."""

import json
from datetime import UTC, datetime
from pathlib import Path

from connectors.base.contract import Page
from connectors.generic.socrata import Params

LOMBARDIA = Params.model_validate(
    {
        "url": "https://dati.lombardia.it",
        "dataset": "k6cb-4hbm",
        "kind": "tender",
        "lang": "it",
        "origin_country": "IT",
        "currency": "EUR",
        "decimal": ".",
        "columns": {
            "id": "codice_bando",
            "title": "oggetto_dell_appalto",
            "published": "data_pubblicazione",
            "deadline": "data_presentazioni_offerte",
            "state": "stato_bando",
            "budget": "importo_complessivo_base",
            "organisation": "stazione_appaltante",
            "region": "provincia",
            "cpv": "codice_cpv",
            "extra": ["cig", "procedura_gara", "numero_lotti"],
        },
    }
)


def page_of(row: dict[str, str], path: Path) -> Page:
    return Page(
        url=row["url"],
        body=json.dumps(json.loads(path.read_bytes())["records"], ensure_ascii=False).encode(),
        fetched_at=datetime(2026, 6, 4, tzinfo=UTC),
        headers={"content-type": row["content_type"]},
        params=LOMBARDIA,
    )
