"""Words as the engine compares them: folded, stemmed by language, without those that say nothing.

The one thing to know: every word is folded first (case, accents, umlauts, ß) and stemmed after, on both sides, so that
"qualita", "Qualità" and "QUALITÀ" are one; Snowball has a stemmer for each of the five languages of the vocabulary.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import Any

import snowballstemmer

STEMMED = {"it": "italian", "en": "english", "fr": "french", "es": "spanish", "de": "german"}

_WORD = re.compile(r"[^\W_]+")
# A stemmer keeps the word it works on in itself; visits are read by several threads.
_one_at_a_time = Lock()

# Words that carry no meaning of their own, and those that every platform, notice and member uses.
_STOP = {
    "it": """alla alle allo agli anche ancora avere aveva bene che chi ciascuno come con contro cosa cui dal dalla dalle
        dallo dagli degli dei del dell della delle dello dentro dopo dove due durante ecc entro era essere fare fino fra gli hanno
        il in invece io la le lo loro ma meno mio molto nei nel nell nella nelle nello noi non nostra nostre nostri nostro
        nuova nuove nuovi nuovo ogni oltre per perche piu poi presso prima proprio qualsiasi quale quali quando quanto
        quella quello questa queste questi questo quindi se sempre senza sia siamo solo sono sopra sotto sta stata stato
        su sua sue sugli sui sul sulla sulle suo suoi tale tali tra tre tutta tutte tutti tutto un una uno vari varie
        verso vi voi
        abbiamo affidamento appalto appalti attivita azienda aziende bando bandi cerca cerchiamo cooperativa cooperative
        estero esteri europa europea europei europeo fornitura forniture gara gare gestione impresa imprese interesse
        internazionale internazionali italia italiana italiane italiani italiano lavori lavoro mercati mercato offerta
        offre offriamo opera operiamo partner paese paesi prodotti prodotto produciamo produzione progetti progetto
        pubblica pubblici pubblico qualita realizzazione ricerca servizi servizio settore settori sociale sociali soci
        socio societa sviluppo vendita""",
    "en": """a about above after again all also an and any are as at be been before being both but by can could did do does
        each for from further had has have having he her here his how i if in into is it its may more most must my no nor
        not of off on once only or other our out over own per same shall she should so some such than that the their them
        then there these they this those through to too under until up very was we were what when where which while who
        whom why will with within without would you your
        activities activity business call calls companies company contract contracts cooperation cooperative cooperatives
        countries country development europe european international looking management market offer offers partner
        partners partnership procurement product production products project projects provide provision public quality
        request research seek seeking service services social supplies supply support tender tenders work works""",
    "fr": """a afin ai ainsi alors apres au aussi autre autres aux avant avec avoir bien ce cela celle ces cet cette chaque
        ci comme dans de des donc dont du elle en encore entre environ est et ete etre eux fait il ils je la le les leur leurs
        lors lui ma mais meme mes mon ne ni nos notre nous on ou par pas plus pour qu que qui sa sans se selon ses si son
        sont sous sur ta tout toute toutes tous tres tu un une vers vos votre vous
        activite activites appel appels contrat cooperation cooperative cooperatives developpement entreprise entreprises
        europe europeen europeenne fourniture fournitures gestion international marche marches offre offres partenaire
        partenaires pays prestation prestations production produit produits projet projets public publics qualite
        recherche service services social sociaux travail travaux""",
    "es": """a al algo ante antes aqui asi aun cada como con contra cual cuando de del desde donde dos e el ella ellos en
        entre era es esa ese eso esta estan estar este esto estos fue ha hasta hay la las le les lo los mas me mi mientras
        muy nada ni no nos nosotros nuestra nuestro o os otra otro para pero poco por porque pues que quien se segun ser
        si sido sin sobre son su sus tal tambien tanto te tiene toda todo todos tras tu u un una uno unos y ya yo
        actividad actividades concurso contratacion contrato cooperativa cooperativas cooperacion desarrollo empresa
        empresas europa europea europeo gestion internacional licitacion mercado mercados oferta pais paises produccion
        producto productos proyecto proyectos publica publico realizacion servicio servicios social sociales socio
        suministro suministros trabajo trabajos calidad""",
    "de": """aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist da damit dann
        das dass dem den denn der des die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen
        einer eines er es etwas fur gegen hat hatte hier ihr ihre im in ist jede jeder kann kein keine konnen man mehr mit
        muss nach nicht noch nur ob oder ohne sehr sein seine sich sie sind so sowie uber um und uns unser unter vom von
        vor war was weil wenn werden wie wir wird wo zu zum zur zwischen
        arbeit arbeiten auftrag ausschreibung dienstleistung dienstleistungen entwicklung europa europaische europaischen
        genossenschaft genossenschaften international internationale land lander leistung leistungen lieferung markt
        offentliche partner produkt produkte produktion projekt projekte qualitat sozial unternehmen vergabe""",
}


@cache
def stop_words() -> frozenset[str]:
    """The words of all five languages that say nothing, folded: what is a stop word in one is a doubtful word in all."""
    return frozenset(fold(word) for words in _STOP.values() for word in words.split())


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Write a word without case, accents and umlauts; ß becomes ss."""
    # Taken apart before and after: a letter in mathematical script has no small form until it is a plain letter.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def surfaces(text: str) -> Iterator[str]:
    """Cut a text into its words as they are written: letters and digits, without signs and apostrophes."""
    return (found[0] for found in _WORD.finditer(text))


@lru_cache(maxsize=400_000)
def stem(folded: str, language: str) -> str:
    """Cut the ending of a folded word; a language without a stemmer leaves it as it is."""
    algorithm = STEMMED.get(language)
    if algorithm is None:
        return folded
    with _one_at_a_time:
        return str(_stemmer(algorithm).stemWord(folded))


@cache
def _stemmer(algorithm: str) -> Any:
    return snowballstemmer.stemmer(algorithm)
