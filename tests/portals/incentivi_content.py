"""Invented incentives for the simulator of incentivi.gov.it: each follows from the seed and its place in the row.

The one thing to know: the text comes as the index has it, headings and sentences run together, and whatever may have
several values stands twice: all of them under `zm_`, the first alone under `zs_`.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

REGIONS = (
    *("Abruzzo", "Basilicata", "Calabria", "Campania", "Emilia-Romagna", "Friuli-Venezia Giulia", "Lazio", "Liguria"),
    *("Lombardia", "Marche", "Molise", "Piemonte", "Puglia", "Sardegna", "Sicilia", "Toscana"),
    *("Trentino-Alto Adige/Südtirol", "Umbria", "Valle d'Aosta/Vallée d'Aoste", "Veneto"),
)
SECTORS = (
    *(
        "Agricoltura, silvicoltura e pesca",
        "Agroalimentare",
        "Alberghiero",
        "Altri servizi",
        "Artigianato",
        "Commercio",
    ),
    *("Cultura", "Edilizia", "ICT", "Meccanica", "Moda e Tessile", "Ristorazione", "Salute", "Turismo"),
    *("Autoveicoli e altri mezzi di trasporto", "Chimica e Farmaceutica", "Elettronica", "Metallurgia"),
    *("Fornitura Energia, Acqua e gestione Rifiuti", "Mobili, Legno e Carta", "Servizi di trasporto"),
)
SUBJECTS = ("Impresa", "Cooperative/Associazioni Non Profit", "Consorzio", "Rete d'impresa", "Professionista")
SIZES = ("Microimpresa", "Piccola Impresa", "Media Impresa")
_SCOPES = ("Digitalizzazione", "Internazionalizzazione", "Transizione ecologica", "Innovazione e ricerca")
_FORMS = ("Contributo/Fondo perduto", "Finanziamento agevolato", "Agevolazione fiscale")
# What is paid for, for whom, and the sector: invented measures of invented bodies.
_THEMES = (
    ("Botteghe di vicinato", "l'apertura di botteghe nei centri sotto i tremila abitanti", "Commercio"),
    ("Fiere all'estero", "la partecipazione a fiere internazionali fuori dall'Italia", "Agroalimentare"),
    ("Cucine condivise", "l'allestimento di cucine usate da più imprese", "Ristorazione"),
    (
        "Energia dei tetti",
        "impianti solari in comune tra imprese vicine",
        "Fornitura Energia, Acqua e gestione Rifiuti",
    ),
    ("Cura di prossimità", "servizi domiciliari organizzati da imprese sociali", "Salute"),
    ("Software aperto", "l'adozione di programmi con licenza libera", "ICT"),
    ("Cammini e rifugi", "l'ospitalità lungo i cammini e nei rifugi", "Turismo"),
    ("Legno di filiera corta", "macchine per la prima lavorazione del legno locale", "Mobili, Legno e Carta"),
)
_BODIES = ("Regione {region}", "Camera di Commercio della Valle Chiara", "Ministero per le Filiere Esempio")


def incentive(index: int, *, seed: int, today: date) -> dict[str, Any]:
    """Invent the record at one place; a tenth are for all regions, a fifth until the money ends, a third are over."""
    dice = Random(seed * 1_000_003 + index)
    name, purpose, sector = _THEMES[index % len(_THEMES)]
    regions = list(REGIONS) if index % 10 == 3 else dice.sample(REGIONS, dice.choice((1, 1, 1, 2, 4)))
    opened = today - timedelta(days=dice.randint(10, 500))
    closes = date(2028, 12, 31) if index % 5 == 4 else today + timedelta(days=dice.randint(-120, 240))
    sectors = list(SECTORS) if index % 4 == 1 else [sector]
    body = dice.choice(_BODIES).format(region=regions[0].split("/")[0])
    title = f"{name} {opened.year}.{index} - {body}"
    least, most = dice.choice((("0", "20000"), ("1500", "40000"), ("50000", "5000")))  # the last pair is exchanged
    text = (
        f"Cos'è La misura sostiene {purpose}.  A chi si rivolge Alle imprese con sede in {', '.join(regions[:2])}, "
        "anche cooperative.  Cosa prevede Un contributo a fondo perduto fino alla metà delle spese. "
    )
    facts = {
        **_both("activity_sector", sectors),
        **_both("regions", regions),
        **_both("scopes", dice.sample(_SCOPES, 2)),
        **_both("subject_type", list(SUBJECTS[: dice.randint(1, 5)])),
        **_both("dimensions", list(SIZES[: dice.randint(1, 3)])),
        **_both("support_form", [dice.choice(_FORMS)]),
        **_both("granted_costs", ["Servizi, brevetti e licenze"]),
    }
    return {
        "id": f"t9gcjo-incentivi-entity:node/{nid(index)}:it",
        "index_id": "incentivi",
        "zs_nid": nid(index),
        "zs_title": title,
        "tum_X3b_it_title_ft": [title],
        "zs_body": text,
        "zs_url": f"/it/catalogo/misura-{nid(index)}",
        "zs_field_link": f"https://www.example.org/misure/{nid(index)}",
        "zs_field_open_date": f"{opened}T00:00:00",
        "zs_field_close_date": f"{closes}T00:00:00",
        "zs_field_close_date_descriptor": "Le domande si presentano in linea, fino a esaurimento delle risorse.",
        "zs_field_subject_grant": body,
        "zs_field_ateco": "10.51; 10.71; 56.1;" if index % 3 == 0 else "Tutti i settori economici",
        "zs_field_primary_ruleset": f"Delibera {index} del {opened:%d/%m/%Y}",
        "zs_field_implementation_ruleset": "Regolamento esempio",
        "zs_field_multibando": "1" if index % 7 == 0 else "0",
        "zs_field_budget_allocation": str(dice.randint(1, 90) * 50_000),
        "zm_field_support_grant_type_min_max": [least, most],
        "zm_field_costs": ["0", "100000"],
        "ds_last_update": "2024-12-18T11:32:35Z",
        **facts,
    }


def nid(index: int) -> str:
    return str(3_000 + index)


def _both(name: str, values: list[str]) -> dict[str, Any]:
    return {f"zm_field_{name}_value": values, f"zs_field_{name}_value": values[0]}
