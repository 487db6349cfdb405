"""A text on who may apply, cut into clauses of few words: one name for the country, one for what lies outside it.

The one thing to know: what sounds like a condition of seat and is none goes first (the government of the United States,
its register, its lists of sanctions), and an answer stays with its question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

ENTITY = (
    r"(?:entit(?:y|ies)|organi[sz]ations?|applicants?|institut(?:ions?|es?)|compan(?:y|ies)|firms?|business(?:es)?|concerns?"
    r"|enterprises?|non-?profits?|not-for-profits?|ngos?|corporations?|associations?|cooperatives?|universit(?:y|ies)"
    r"|colleges?|recipients?|agenc(?:y|ies)|proposers?|offerors?|bidders?|ones|persons?)"
)
SEAT = (
    r"(?:located|based|headquartered|incorporated|established|registered|organi[sz]ed|formed|chartered|domiciled|residing"
    r"|resident|situated|accredited|operating|founded|constituted|from)"
)
# Here `usa` is the country, `foreign` an adjective of applicants, `abroad` any place outside, `anywhere` any place at all.
_LOOKS = (
    (r"[‐‑‒–—]", "-"),
    (r"[‘’]", "'"),
    (r"\bunited states(?: of america)?\b|\bU\.\s?S\.\s?A\.?(?=\W|$)|\bU\.\s?S\.?(?=\W|$)|(?-i:\bUSA?\b)", "USA"),
    (r"\b(?:e\.g|i\.e|etc|inc|no|st)\.(?=\s+(?-i:[a-z0-9(,]))", "eg"),
)
_OF_GOVERNMENT = (
    r"(?:federal )?(?:government|systems? for award|system|sam\b|treasury|dollars?|embass|mission|consulate|department|agency"
    r"|assistance|foreign assistance|sanction|laws?\b|tax|army|navy|air force|military|congress|code|citizenship|office of"
    r"|provides|participation|postal|export|policy|policies|forest|fish)"
)
_GUARDS = (
    rf"\bUSA(?:'s?|s')?\s+{_OF_GOVERNMENT}",
    r"\bas (?:defined|determined|designated|recognized|recognised) by the USA\b",
    r"\b(?:registered|registration|register)\b[^.;•]{0,40}?\b(?:sam(?:\.gov)?|system for award management)\b",
    r"\bcomponents? of USA \w+|\b(?:non-domestic|foreign|non-USA)(?: \(non-USA\))? components?\b",
    r"\b(?:foreign )?(?:entit\w+|organi[sz]ations?) of concern\b|\bcountr(?:y|ies) of concern\b",
    r"\bforeign (?:governments?|adversar\w+|military|travel|national(?:s|ities)?|students?|polic\w+|language\w*|currenc\w+)\b",
    r"\bforeign[- ](?:owned|controlled)\b",
    r"\b(?:must|may|shall|should|are|is|be|and) not (?:be |have been )?(?:currently )?(?:debarred|suspended|listed)\b[^.;•]*",
    r"\b(?:not|no longer) (?:be )?(?:exempt(?:ed)? from|required to (?!be\b|have\b))[^,.;•]*",
    r"\bunless otherwise (?:noted|stated|specified)\b,?",
)
# An exception to who is meant ("those on the list"), unless it names what is outside the country.
_SUBSET = re.compile(
    r"[,(]?\s*\b(?:excluding|except(?:ing)?(?: for)?|other than) (?:those|ones|the ones|organi[sz]ations (?:on|in|from) )"
    r"(?![^,.;)•]*(?:outside|foreign|abroad|other countr|non-USA))[^,.;)•]*[,)]?",
    re.I,
)
_NAMES = (
    (
        r"(?<!native )(?<!latin )(?<!african )(?<!asian )(?<!-)\bamerican(?= (?:compan|firm|organi|instit|entit|nonprofit|business))",
        "USA",
    ),
    (
        r"\b(?:inside|in|within) or outside (?:of )?the USA\b|\b(?:around|anywhere in|throughout) the world\b",
        "anywhere",
    ),
    (r"\bin the USA or (?:not|elsewhere)\b", "in the USA or abroad"),
    (r"\bnot only\b", ""),
    (r"\bbut also\b", "and"),
    # Two denials make a welcome.
    (
        r"\bnot (?:be )?(?:otherwise )?(?:excluded|barred|prohibited|ineligible|disqualified|precluded|closed)\b",
        "welcome",
    ),
    (
        r"\b(?:nothing|no)\b(?:(?! foreign)\s[\w-]+){0,5}? (?:prohibits|bars|excludes|prevents|precludes|excluded)\b",
        "welcome",
    ),
    (
        rf"\b(?:(?:that|which|who) (?:are|is) )?not (?:physically )?{SEAT} (?:in|within) (?:the )?USA\b",
        "located abroad",
    ),
    (r"\bnon-?\s?(?:USA|domestic|american)(?:-based)?\b", "foreign"),
    (r"\b(?:foreign|overseas|internationally)[- ](?:based|registered|headquartered)\b", "foreign"),
    (r"\bother than (?:a |an |the )?USA(?= (?:entit|organi|institut|compan|firm|applicant|nonprofit))", "or foreign"),
    (r"\b(?:in |from )?(?:any|all|other|foreign) countr(?:y|ies) other than the USA\b", "abroad"),
    (r"\b(?:in )?countr(?:y|ies) other than the USA\b|\boutside (?:of )?(?:the )?USA\b", "abroad"),
    (r"\b(?:in|from|of) (?:other|foreign) countr(?:y|ies)\b", "abroad"),
    (
        r"\b(?:in|of|from|under the laws of) an? (?:foreign|other) (?:country|nation|state|jurisdiction)\b|\boverseas$",
        "abroad",
    ),
    (r"\boverseas\b(?! \w)|\bfrom abroad\b", "abroad"),
    (r"\boverseas\b", "foreign"),
    (r"\b(?:in|from|of) (?:any|all) (?:other )?(?:countr(?:y|ies)|nations?)\b|\bworldwide\b", "anywhere"),
    (r"\b(?:regardless|irrespective) of (?:their |its )?(?:location|nationality|country)\b", "anywhere"),
)
# "... based in the U.S. Foreign applicants may not": the point of the name ended the sentence as well.
_PLACE_ENDS = re.compile(
    r"(\b(?i:(?:in|within|of|outside)(?: of)? (?:the )?USA|(?:and|or) non-USA)) (?=(?i:foreign|non-USA)\b"
    r"|(?!(?:Virgin|Territor|Affiliated|Pacific|Commonwealth|Institution|Organi|Entit|Citizen|Government)\w*)[A-Z][a-z])"
)
_ENDS = re.compile(
    r"(\b(?:in|within|of|outside)(?: of)? (?:the )?USA) (?=(?!(?:Virgin|Territor|Affiliated|Pacific|Commonwealth|Institution"
    r"|Organi|Entit|Citizen|Government)\w*)[A-Z][a-z])"
)
_ENDS = re.compile(
    r"(?P<asked>\?)|[.!](?:\s|$)|[;•·\n]|,?\s+(?:but|however|although|though|whereas|while)\b|,\s+(?=nor\b)", re.I
)
_ANSWER = re.compile(r"\W*(?P<answer>yes|no)\b(?=\W*(?:$|[.,;!•]))", re.I)


@dataclass(frozen=True, slots=True)
class Clause:
    """`answer` is what a question is answered with; None where nothing is asked, and `asked` says whether it was."""

    words: str
    asked: bool = False
    answer: bool | None = None


def clauses(text: str) -> Iterator[Clause]:
    """Cut a plain text where a statement ends: at points, list signs, and where "but" turns it round."""
    at, read = 0, _plain(text)
    ends = [*_ENDS.finditer(read)]
    for place, end in enumerate(ends):
        if end.start() < at:
            continue
        words, at = read[at : end.start()], end.end()
        asked, answer = end["asked"] is not None, None
        if asked and (told := _ANSWER.match(read, at, ends[place + 1].start() if place + 1 < len(ends) else len(read))):
            answer, at = told["answer"].lower() == "yes", told.end()
        yield from _clause(words, asked=asked, answer=answer)
    yield from _clause(read[at:])


def _clause(words: str, *, asked: bool = False, answer: bool | None = None) -> Iterator[Clause]:
    if told := re.search(r":\s*(yes|no)\W*$", words, re.I):
        words, asked, answer = words[: told.start()], True, told[1].lower() == "yes"
    # One blank between words: the patterns of eligibility.py count on it.
    words = re.sub(r"^\W*(?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s*", "", words, flags=re.I)  # "(b) foreign nonprofits"
    if plain := " ".join(re.sub(r"[()\[\]\"]", " ", words).lower().split()).strip(" -*,/"):
        yield Clause(plain, asked, answer)


def _plain(text: str) -> str:
    if text.isupper():
        text = re.sub(r"(?<!NON-)\bUS\b(?! (?:AND|OR)\b)", "us", text)  # in a text of capitals "US" may be we
    for pattern, name in _LOOKS:
        text = re.sub(pattern, name, text, flags=re.I)
    for pattern in _GUARDS:
        text = re.sub(pattern, " ", text, flags=re.I)
    text = _PLACE_ENDS.sub(r"\1. ", _SUBSET.sub(" ", text))
    for pattern, name in _NAMES:
        text = re.sub(pattern, name, text, flags=re.I)
    return text
