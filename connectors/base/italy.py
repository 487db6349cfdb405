"""Italian regions and provinces by name, and their NUTS codes (2024, Regulation (EU) 2023/674).

The one thing to know: a name in no table has no code; what the two autonomous provinces share, the region, has two.
"""

from functools import cache

from connectors.base.days import fold

# Region: then each province as the fifth sign of its code and its name.
_PLACES = """
ITC1 Piemonte: 1 Torino, 2 Vercelli, 3 Biella, 4 Verbano-Cusio-Ossola, 5 Novara, 6 Cuneo, 7 Asti, 8 Alessandria
ITC2 Valle d'Aosta: 0 Valle d'Aosta
ITC3 Liguria: 1 Imperia, 2 Savona, 3 Genova, 4 La Spezia
ITC4 Lombardia: 1 Varese, 2 Como, 3 Lecco, 4 Sondrio, 6 Bergamo, 7 Brescia, 8 Pavia, 9 Lodi, A Cremona, B Mantova, C
  Milano, D Monza e della Brianza
ITF1 Abruzzo: 1 L'Aquila, 2 Teramo, 3 Pescara, 4 Chieti
ITF2 Molise: 1 Isernia, 2 Campobasso
ITF3 Campania: 1 Caserta, 2 Benevento, 3 Napoli, 4 Avellino, 5 Salerno
ITF4 Puglia: 3 Taranto, 4 Brindisi, 5 Lecce, 6 Foggia, 7 Bari, 8 Barletta-Andria-Trani
ITF5 Basilicata: 1 Potenza, 2 Matera
ITF6 Calabria: 1 Cosenza, 2 Crotone, 3 Catanzaro, 4 Vibo Valentia, 5 Reggio Calabria
ITG1 Sicilia: 1 Trapani, 2 Palermo, 3 Messina, 4 Agrigento, 5 Caltanissetta, 6 Enna, 7 Catania, 8 Ragusa, 9 Siracusa
ITG2 Sardegna: D Sassari, E Nuoro, F Cagliari, G Oristano, H Sud Sardegna
ITH1 Provincia autonoma di Bolzano: 0 Bolzano-Bozen
ITH2 Provincia autonoma di Trento: 0 Trento
ITH3 Veneto: 1 Verona, 2 Vicenza, 3 Belluno, 4 Treviso, 5 Venezia, 6 Padova, 7 Rovigo
ITH4 Friuli-Venezia Giulia: 1 Pordenone, 2 Udine, 3 Gorizia, 4 Trieste
ITH5 Emilia-Romagna: 1 Piacenza, 2 Parma, 3 Reggio nell'Emilia, 4 Modena, 5 Bologna, 6 Ferrara, 7 Ravenna, 8 Forlì-
  Cesena, 9 Rimini
ITI1 Toscana: 1 Massa-Carrara, 2 Lucca, 3 Pistoia, 4 Firenze, 5 Prato, 6 Livorno, 7 Pisa, 8 Arezzo, 9 Siena, A
  Grosseto
ITI2 Umbria: 1 Perugia, 2 Terni
ITI3 Marche: 1 Pesaro e Urbino, 2 Ancona, 3 Macerata, 4 Ascoli Piceno, 5 Fermo
ITI4 Lazio: 1 Viterbo, 2 Rieti, 3 Roma, 4 Latina, 5 Frosinone
"""
_REGIONS = 20
# As portals write them. Bolzano and Trento are provinces and, for NUTS, regions.
_MORE = {
    "trentino-alto adige": ("ITH1", "ITH2"),
    "trentino alto adige": ("ITH1", "ITH2"),
    "friuli venezia giulia": ("ITH4",),
    "emilia romagna": ("ITH5",),
    "provincia autonoma di bolzano": ("ITH1",),
    "provincia autonoma di trento": ("ITH2",),
    "alto adige": ("ITH1",),
    "reggio di calabria": ("ITF65",),
    "bolzano": ("ITH10",),
    "monza e brianza": ("ITC4D",),
    "reggio emilia": ("ITH53",),
    "forli-cesena": ("ITH58",),
    "massa carrara": ("ITI11",),
    "pesaro-urbino": ("ITI31",),
}


@cache
def _codes() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _PLACES.replace("\n  ", " ").strip().splitlines():
        head, _, places = line.partition(": ")
        region, _, name = head.partition(" ")
        found.setdefault(fold(name), (region,))
        for place in places.split(", "):
            sign, _, name = place.partition(" ")
            found.setdefault(fold(name), (region + sign,))
    return found | _MORE


def nuts_of(name: str) -> tuple[str, ...]:
    """Return the codes of a region or province by its Italian name, `nuts:ITH5`; none for a name that is in no table.

    A name in two languages (`Valle d'Aosta/Vallée d'Aoste`) counts by its Italian half.
    """
    wanted = fold(" ".join(name.partition("/")[0].replace("\u2019", "'").split()))
    return tuple(f"nuts:{code}" for code in _codes().get(wanted, ()))


def whole_country(regions: set[str]) -> bool:
    """Whether these codes of regions are all there are: what holds everywhere is not tied to a place."""
    return len({code for code in regions if len(code) == len("nuts:ITH5")}) > _REGIONS
