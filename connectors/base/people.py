"""Leave persons out: names behind a role word or a title, phone numbers and mail addresses are cut from running text.

The one thing to know: this is done by rule, not by a list of names, so a name that nothing introduces is not seen, and
what looks like an office ("Responsabile: Settore Cultura") is kept. `[…]` stands where something was cut.
"""

import re

CUT = "[…]"

# Tags and addresses are hidden behind one sign each while the text is read, so that no number inside a link is a phone.
_HIDDEN = "\ue000"
_PROTECTED = re.compile(r"<(?![^<>\s@]+@)[^<>]*>|https?://[^\s<>\"']+")
_PRIVATE_LINK = re.compile(
    r"\s+href\s*=\s*(?:\"\s*(?:mailto|tel):[^\"]*\"|'\s*(?:mailto|tel):[^']*'|(?:mailto|tel):[^\s>]*)", re.I
)

_GAP = rf"(?:[\s{_HIDDEN}]|&nbsp;)"
_NAME_PART = r"(?:[A-ZÀ-ÖØ-ÞŠŽŁŚ][\w'’]+(?:-[A-ZÀ-ÖØ-Þ][\w'’]+)*|[A-Z]\.)"
_PARTICLE = r"(?:d[aei]|de[lrn]|dell[ao]|dalla|degli|la|le|lo|van|von|der|den|ten|zu|y|du|des|[dDlL]['’])"
_NAME = rf"{_NAME_PART}(?:{_GAP}+(?:{_PARTICLE}{_GAP}+){{0,2}}{_NAME_PART}){{1,3}}"
_NAMES = rf"{_NAME_PART}(?:{_GAP}+(?:{_PARTICLE}{_GAP}+){{0,2}}{_NAME_PART}){{0,3}}"

_TITLES = (
    r"Dott\.?(?:\s?ssa)?|Dr\.?(?:\s?ssa)?|Dottor(?:e|essa)?|Sig\.?(?:\s?(?:ra|na))?|Signor[ae]?|Ing\.|Arch\.|Avv\.|Geom\.|Rag\."
    r"|Prof\.?(?:\s?ssa)?|Professor(?:e|essa)?|P\.I\.|Mr\.?|Mrs\.?|Ms\.?|Mx\.?|Miss|Mme|Mlle|Monsieur|Madame|M\."
    r"|Herrn?|Frau|Sra?\.|Srta\."
)
_TITLED = re.compile(rf"(?<![\w.])(?:{_TITLES})(?:{_GAP}*(?:{_TITLES}))*{_GAP}*(?P<name>{_NAMES})")

_ROLE = (
    r"RUP|R\.U\.P\.|[Rr]esponsabil[ei](?:\s+(?:[Uu]nic[oa]|d[ei]l?(?:la|l')?|per|[Pp]rocedimento|[Pp]rogetto|[Ii]struttoria|"
    r"[Tt]rattamento|[Ss]ervizio|[Cc]omunicazione))*|[Rr]eferent[ei](?:\s+(?:di|del|per|progetto|bando|tecnico))*"
    r"|[Pp]ersona di (?:contatto|riferimento)|[Cc]ontatt[oi]|[Pp]residente|[Dd]irett(?:ore|rice)(?:\s+[Gg]enerale)?"
    r"|[Dd]irigente|[Ff]unzionari[oa]|[Ss]egretari[oa]|[Cc]oordina(?:tore|trice)|[Aa]utore|[Aa]utrice|[Aa] cura di"
    r"|[Cc]ontact(?:\s+(?:[Pp]erson|[Nn]ame|[Oo]fficer|[Pp]oint))?|[Pp]oint of [Cc]ontact|POC|[Aa]ttn\.?|[Aa]ttention"
    r"|[Pp]ro(?:ject|gramme|gram) (?:[Mm]anager|[Oo]fficer|[Ll]ead|[Cc]oordinator)|[Cc]ontracting [Oo]fficer"
    r"|[Cc]oordinator"
    r"|(?:[Pp]osted|[Ww]ritten|[Pp]ublished) [Bb]y|[Aa]uthor"
    r"|[Pp]ersonnes? (?:à contacter|de contact|ressource)|[Ii]nterlocut(?:eur|rice)"
    r"|[Rr]esponsable(?:\s+(?:du|de la|de|projet))*"
    r"|[Ss]uivi par|[Rr]édigé par|[ÀàAa] l['’]attention de|[Rr]éférente?"
    r"|Ansprechpartner(?:in)?|Ansprechperson(?:en)?|Kontakt(?:person)?|Sachbearbeiter(?:in)?|z\.\s?Hd\."
    r"|Projektleit(?:er|erin|ung)"
    r"|[Pp]ersona de contacto|[Aa] la atención de"
)
_LINK = rf"(?:{_GAP}|[:–—-]|\bè\b|\bis\b|\best\b|\bist\b|\bil\b|\bla\b)+"
_IN_ROLE = re.compile(rf"\b(?:{_ROLE}){_LINK}(?:(?:{_TITLES}){_GAP}*)*(?P<name>{_NAME})")

# A run of capitals that holds one of these is an office, a place or a heading.
_OFFICE = re.compile(
    r"\b(?:Settore|Ufficio|Uffici|Servizi[oa]?|Area|Direzione|Dipartimento|Comune|Provincia|Regione|Ministero|Agenzia|Ente|Centro"
    r"|Camera|Consorzio|Cooperativa|Fondazione|Unione|Sportello|Segreteria|Protocollo|Procedimento|Progetto|Bando|Gara|Lavori"
    r"|Office|Unit|Department|Directorate|Agency|Council|Commission|Ministry|Team|Desk|Service|Services|Centre|Center|Point"
    r"|Information|Procurement|Details|Us|Programme|Program|Project|Network|European|Europe|National|Cooperative|Foundation"
    r"|Bureau|Direction|Mairie|Commune|Région|Département|Agence|Ministère|Pôle|Chambre|Fondation|Formulaire"
    r"|Amt|Stelle|Abteilung|Referat|Stadt|Landkreis|Bundesamt|Ministerium|Stiftung|Genossenschaft|Formular"
    r"|Via|Viale|Piazza|Corso|Largo|Street|Road|Avenue|Rue|Place|Straße|Strasse|Platz|Calle|Plaza"
    r"|Ayuntamiento|Oficina|Dirección|Servicio|Departamento|Fundación|PEC|Tel|Email|E-mail|Mail|Web|Sito|Fax)\b",
    re.IGNORECASE,
)

_MAIL = re.compile(
    r"(?<![\w/.])(?P<local>[A-Za-z0-9][\w.+'-]{0,63})\s?(?:@|\(at\)|\[at\]|&#64;|\(chiocciola\))\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)
_AT = re.compile(r"@|\(at\)|\[at\]|&#64;|\(chiocciola\)")
_ROLE_BOX = re.compile(
    r"(?:info|informazioni|information|contatti|contact|contacts|kontakt|contacto|bandi|bando|gare|gara|appalti|avvisi|tender|tenders"
    r"|procurement|grants?|calls?|funding|projects?|progetti|projets?|europa|europe|eu|ufficio|office|segreteria|secretariat"
    r"|secretariaat|protocollo|pec|urp|sportello|help|helpdesk|support|assistenza|press|stampa|media|amministrazione|admin"
    r"|accueil|marches|mairie|vergabe|poststelle|einkauf|zentrale|licitaciones|contratacion|registro|sales|export|commerciale"
    r"|cooperazione|coop|events?|eventi|iscrizioni|registration|marketing|partner|partnership)(?:[._+-].*|\d*)?",
    re.IGNORECASE,
)

_DIGIT = re.compile(r"\d")
_SHORTEST_PHONE = 6
_DIGITS = r"[+(]{0,2}\d(?:[\s()./-]{0,2}\d){5,14}"
_SPOKEN = r"tel(?:efono|éfono|efon|ephone)?|tél(?:éphone)?|phone|fax|cell(?:ulare)?|mobile|mob|whatsapp|handy"
_ANNOUNCED = re.compile(
    rf"\b(?P<word>{_SPOKEN})(?P<gap>(?:\.|{_GAP}|:|/|n\.|no\.|number|nr\.?|(?:{_SPOKEN})\b){{0,6}})(?<!\d){_DIGITS}",
    re.IGNORECASE,
)
_MONEY_AHEAD = r"(?!\s*(?:€|EUR|euro|mila|mln|million))"
_BARE = re.compile(
    r"(?<![\w€$£+/.,-])(?<!€ )(?:"
    r"(?:\+|00)[1-9]\d{0,2}(?:[\s().-]{0,2}\d){7,12}"  # international
    r"|0\d{1,4}[ ./-]\d{5,8}|0\d{1,4}[ ./-]\d{3}[ .-]\d{3,4}"  # area code and number
    r"|0[1-9](?:[ .]\d{2}){4}"  # France: five pairs
    r"|3\d{2}[ /-]\d{3}[ -]?\d{4}|3\d{2}[ /.-]\d{7}"  # Italian mobile
    r"|\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}"  # North America
    r")(?![\w/€]|[.,-]\d)" + _MONEY_AHEAD
)
# A number of a document, a tender or a tax payer is no phone.
_NUMBERED = re.compile(
    r"(?:\bn[.r°º]*|\bno\.|\bprot\w*\.?|\bid\.?|\b(?:CIG|CUP|IVA|VAT|CF)|C\.F\.|\brif\.|\bref\.?)\s*:?\s*$", re.I
)


def without_people(text: str, *, keep_role_boxes: bool = False) -> str:
    """Cut personal data of natural persons from plain text or html (docs/formats.md, "People").

    Role mailboxes (info@, bandi@, procurement@) are cut too, unless `keep_role_boxes`: only a channel that the source
    publishes for this use may keep them.
    """
    kept: list[str] = []

    def hide(found: re.Match[str]) -> str:
        kept.append(_PRIVATE_LINK.sub("", found[0]))
        return _HIDDEN

    read = _PROTECTED.sub(hide, text.replace(_HIDDEN, ""))
    # Every text of every notice passes here, and most hold neither an address nor a number: look before searching.
    if _AT.search(read):
        read = _MAIL.sub(lambda m: m[0] if keep_role_boxes and _ROLE_BOX.fullmatch(m["local"]) else CUT, read)
    if len(_DIGIT.findall(read)) >= _SHORTEST_PHONE:
        read = _ANNOUNCED.sub(lambda m: f"{m['word']}{m['gap']}{CUT}", read)
        read = _BARE.sub(_cut_phone, read)
    read = _IN_ROLE.sub(_cut_name, read)
    read = _TITLED.sub(_cut_name, read)
    if CUT in read:
        read = re.sub(rf"(?:{re.escape(CUT)}(?:\s*[,;/-]?\s*)){{2,}}(?<!\s)", CUT, read)
    parts = iter(kept)
    return re.sub(_HIDDEN, lambda _: next(parts), read)


def _cut_phone(found: re.Match[str]) -> str:
    return found[0] if _NUMBERED.search(found.string, 0, found.start()) else CUT


def _cut_name(found: re.Match[str]) -> str:
    name = found["name"]
    if _OFFICE.search(name):
        return found[0]
    before = found[0][: found.start("name") - found.start()]
    return before + CUT + _HIDDEN * name.count(_HIDDEN)
