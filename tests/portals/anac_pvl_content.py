"""Invented acts for the simulator of ANAC's platform: calls, and around them the many acts that are none.

The one thing to know: about three in a hundred are open calls; results, changes and corrections come in the same form. A
term is written with its offset, or as UTC with the clock of Rome, as the buyers' programs do.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")
# What is bought, its nature, the label of its CPV code, and lots beside the first.
_THEMES = (
    ("Assistenza domiciliare per anziani e persone con disabilità", "Servizi", "Servizi sociali", ()),
    ("Pulizia di scuole e uffici comunali", "Servizi", "Servizi di pulizia e disinfestazione", ()),
    ("Potatura e cura del verde pubblico", "Servizi", "Potatura di alberi", ("Viali", "Parchi")),
    ("Corsi di italiano presso l'istituto di cultura", "Servizi", "Organizzazione di corsi di lingue", ()),
    ("Pane e ortaggi biologici per le mense", "Forniture", "Pane", ("Pane", "Ortaggi")),
    ("Arredi per biblioteche", "Forniture", "Mobili per biblioteche", ()),
    ("Rifacimento del tetto della palestra", "Lavori", "Lavori di copertura e altri lavori speciali", ()),
)
_BUYERS = ("COMUNE DI VALLE CHIARA", "UNIONE DEI COMUNI DEL SASSO", "ISTITUTO COMPRENSIVO MONTE ESEMPIO", "ASL PRIMA")
_PLACES = ("Padova", "Reggio nell'Emilia", "Forlì-Cesena", "Nuoro", "ITALIA", "GERMANIA")
_CALLS_EVERY = 33


def is_call(index: int) -> bool:
    return index % _CALLS_EVERY == 0


def act(index: int, *, seed: int, published: datetime, ted: str | None = None) -> dict[str, Any]:
    """Invent one act. Of a hundred, three are calls; the others are results, corrections, hidden, over or not active."""
    dice = Random(seed * 1_000_003 + index)
    what, nature, cpv, lots = _THEMES[(index // _CALLS_EVERY if is_call(index) else index) % len(_THEMES)]
    ends = (
        (published + timedelta(days=dice.randint(9, 40)))
        .astimezone(ROME)
        .replace(hour=12, minute=0, second=0, microsecond=0)
    )
    id = str(UUID(int=dice.getrandbits(128), version=4))
    written = f"{ends:%Y-%m-%dT%H:%M:%SZ}" if index % 2 else ends.isoformat()
    whole = ends.replace(tzinfo=UTC) if index % 2 else ends.astimezone(UTC)
    head: dict[str, Any] = {
        "idAvviso": id,
        "idAppalto": str(UUID(int=dice.getrandbits(128), version=4)),
        "scheda": None,
        "codiceScheda": dice.choice(("P7_1_2", "P7_1_3", "P2_20")),
        "dataScadenza": stamp(whole),
        "dataPubblicazione": stamp(published),
        "dataPubblicazioneRettifica": None,
        "tipo": "avviso",
        "attivo": True,
        "oscurato": False,
        "nuovoAvviso": None,
    }
    if not is_call(index):
        head |= dice.choices(
            (
                {"dataScadenza": None, "codiceScheda": "A1_29"},
                {"dataScadenza": None, "codiceScheda": "M2"},
                {"tipo": "rettifica"},
                {"oscurato": True},
                {"attivo": False},
                {"dataScadenza": stamp(published - timedelta(days=2))},
            ),
            weights=(60, 20, 8, 2, 2, 8),
        )[0]
    place = _PLACES[index // _CALLS_EVERY % len(_PLACES)]
    items = [
        {
            "tipo_oggetto": "lotto",
            "cig": f"B{index:07X}{at:02}",
            "natura_principale": nature,
            "descrizione": f"Lotto {at + 1}: {lot}" if lots else what,
            "cpv": cpv,
            "valore_complessivo_stimato": float(dice.randint(10, 900) * 500),
            "documenti_di_gara_link": f"https://gare.example.org/{id}",
            "luogo_nuts": place,
            "luogo_istat": place.upper(),
            ("termine_ricezione" if index % 3 else "termine_invito"): written,
        }
        for at, lot in enumerate(lots or ("",))
    ]
    buyer = {
        "codice_fiscale": f"{dice.randint(10**10, 10**11 - 1)}",
        "denominazione_amministrazione": dice.choice(_BUYERS),
    }
    link = f"https://ted.europa.eu/it/notice/-/detail/{ted}" if ted else None
    sections = [
        {"name": "SEZ. A - Committente", "fields": {"soggetti_sa": [buyer]}},
        {"name": "SEZ. B - Dati Generali", "fields": {"documenti_di_gara_link": f"https://gare.example.org/{id}"}},
        {"name": "SEZ. C - Oggetto", "items": items},
    ]
    metadata = {"link_eform_ted": link, "titolo": None, "descrizione": f"{what}, gara {index}"}
    return {**head, "template": [{"avviso": [head], "template": {"metadata": metadata, "sections": sections}}]}


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
