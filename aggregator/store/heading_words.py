"""Words of titles that tell nothing apart, and words that count: procedures, links, ordinals, directions, lots.

The one thing to know: all are folded (small letters, no accents). A word that is missing here costs a merge or two and joins
nothing wrong, so the lists hold what titles of tenders and calls are full of, and no more.
"""

from aggregator.store.signing import fold


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list that is written as one line."""
    return frozenset(fold(text).split())


NOISE = words_of(
    # what links
    "a ad al alla allo ai agli alle da dal dalla dai dagli dalle di del dello della dei degli delle d e ed i il in l la le lo"
    " gli nel nella nei nelle per su sul sulla un una uno con tra fra o ex art"
    " the of for and to on at by with from or an is"
    " du des les aux au et pour par sur dans avec une ou en"
    " der die das den dem des ein eine einer eines einem und von vom zu zum zur fur im am mit auf bei aus oder"
    " el los las y para por con sobre o os as um uma do dos no na nos nas em com"
    " de het een voor van op met te"
    # what every procedure is called
    " avviso bando gara procedura aperta ristretta negoziata affidamento appalto appalti pubblico pubblica servizio servizi"
    " fornitura forniture lavori manifestazione interesse indagine mercato selezione concorso invito oggetto relativo relativa"
    " lotto lotti edizione"
    " call calls tender tenders contract notice procurement open procedure invitation provision supply services service works"
    " proposals proposal request quotation lot lots"
    " appel appels projets projet marche marches public publics publique offres avis prestation prestations services fourniture"
    " fournitures travaux lot lots"
    " ausschreibung vergabe vergabeverfahren offenes verfahren lieferung leistungen dienstleistungen dienstleistung los lose"
    " auftrag bekanntmachung aufruf"
    " licitacion licitaciones convocatoria contrato contratacion concurso procedimiento abierto suministro obras servicios"
    " servicio lote lotes anuncio"
    # how a mark is introduced
    " ref rif cig cup id prot protocollo n nr no num numero number nummer expediente exp dossier aktenzeichen az code codice eu ue"
)

# What follows one of these is a mark of the platform, not a number of the thing.
REFERS = words_of(
    "ref rif cig cup id prot protocollo expediente exp dossier aktenzeichen az code codice reference riferimento numero"
)

# A single letter behind one of these names a part: lot A.
DESIGNATES = words_of(
    "lotto lot los lote lotti lots lote parte part partie teil fase phase zona zone area gruppo group gruppe groupe categoria"
    " category linea line misura measure asse azione action modulo sezione section"
)
DESIGNATED = frozenset("abcdefgh")

_ROMAN = "ii iii iv v vi vii viii ix x xi xii xiii xiv xv"
ROMAN = {roman: str(number) for number, roman in enumerate(_ROMAN.split(), 2)}

_FIRST = {
    "1": "primo prima first premier premiere erste erster erstes primero primera",
    "2": "secondo seconda second deuxieme zweite zweiter zweites segundo segunda",
    "3": "terzo terza third troisieme dritte dritter drittes tercero tercera tercer",
    "4": "quarto quarta fourth quatrieme vierte vierter viertes cuarto cuarta",
    "5": "quinto quinta fifth cinquieme funfte funfter funftes",
}
_DIRECTIONS = {
    "north": "nord north norte noord settentrionale",
    "south": "sud south sur zuid meridionale",
    "east": "est east este ost oriental orientale",
    "west": "ovest west oeste ouest occidental occidentale",
    "inner": "interno interna interni interne internal innen",
    "outer": "esterno esterna esterni esterne external aussen",
    "upper": "superiore superiori upper superieur",
    "lower": "inferiore inferiori lower inferieur",
    "male": "maschile maschili male",
    "female": "femminile femminili female",
}

COUNTS = {word: meant for meant, words in (_FIRST | _DIRECTIONS).items() for word in words.split()}
"""Ordinals and what is opposed to something: the number, or the thing in English."""
