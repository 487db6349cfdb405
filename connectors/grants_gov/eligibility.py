"""Who may apply, as a verdict: a pure decider over the codes of applicants and the text beside them.

The one thing to know: no code means "foreign" or "cooperative". Words decide before codes, a refusal outweighs an
invitation in the same clause, and where neither words nor codes say it, the verdict is `not_stated` and never a guess.

- `open`: anybody (99), or the text invites foreign applicants.
- `us_only`: the text shuts foreign applicants out, or all codes mean entities of the United States.
- `restricted`: some may apply and a cooperative from abroad hardly: universities, individuals, partners of a network, one
  named recipient; or some from abroad are invited and others refused.
- `not_stated`: the rest, also 13, 22 and 25 without such words.
"""

import re
from collections.abc import Collection, Iterator
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["open", "restricted", "us_only", "not_stated"]

ANYBODY = "99"
_READ = 20_000
_ENTRY = 30
# Governments, tribes, housing authorities, 501(c)(3) of the tax code, small businesses of the Small Business Act.
OF_THE_STATES = frozenset({"00", "01", "02", "04", "05", "06", "07", "08", "11", "12", "23"})
# Neither says in which country; no cooperative is one.
PEOPLE_AND_SCHOOLS = frozenset({"06", "20", "21"})

_ENTITY = (
    r"(?:entit(?:y|ies)|organi[sz]ations?|applicants?|institutions?|compan(?:y|ies)|firms?|business(?:es)?|enterprises?"
    r"|non-?profits?|not-for-profits?|NGOs?|non-?governmental|corporations?|associations?|cooperatives?|universities"
    r"|recipients?|nonprofit|for-?profit|public|private)"
)
_ABROAD = r"(?:foreign|non-?US(?:-based)?|non-domestic|overseas|international|non-United States)"
# "foreign private and public organizations", "Non-domestic (non-US) Entities", "US and foreign nonprofits".
_FOREIGN = re.compile(
    rf"\b{_ABROAD}\b(?:[\s,(/)-]+(?:based|private|public|local|and|or|non-?US|for-?profit|non-?profit|higher|education(?:al)?)){{0,6}}"
    rf"[\s(,)-]+{_ENTITY}\b|\b{_ENTITY}\s+(?:based|located|registered|incorporated|established)\s+"
    r"(?:abroad|overseas|in (?:other|foreign|any) countr(?:y|ies)|outside (?:of )?the (?:US|United States))",
    re.I,
)
# What is foreign here applies for nothing: parts of domestic applicants, partners, states, risks to security.
_NO_APPLICANT = re.compile(
    rf"\b(?:non-domestic|foreign)\b[^.;]{{0,12}}\bcomponents?\b|\bforeign (?:governments?|countr(?:y|ies) of concern"
    rf"|(?:entit(?:y|ies)|organi[sz]ations?) of concern|adversar\w+|military|travel|national(?:s|ities)?|students?|polic\w+"
    rf"|public entit\w+|language\w*)|\b{_ABROAD}\W+(?:\w+\W+){{0,3}}(?:sub-?recipients?|sub-?awards?|subcontract\w*"
    r"|collaborat\w+|consultants?)|(?:partner|collaborate|collaboration|cooperation) with",
    re.I,
)
_ONLY_AS_PARTNER = re.compile(
    r"\bonly as (?:an? )?(?:unfunded |funded )?(?:sub|partner|collaborat|consult|contractor)", re.I
)
_REFUSED = re.compile(
    r"\b(?:not|never|neither|no longer)\b(?:\s+\w+){0,3}?\s+(?:eligible|apply|applicants?|allowed|permitted|considered|accepted"
    r"|invited|compete|submit|receive|open|include[sd]?|qualify)|\bineligible\b|\bcannot\b|\bmay not\b|\bexclud(?:ed?|es|ing)\b"
    r"|\bno (?=foreign|non-)|\bprohibited\b|\bexcept(?:ing)? (?=foreign|non-|for foreign)|\bother than (?=foreign|non-)"
    r"|\b(?:rarely|seldom)\b",
    re.I,
)
_INVITED = re.compile(
    r"\b(?:eligible|(?:may|can) (?:also )?(?:apply|submit|compete|be)|invited?|encouraged?|welcomed?|open to|includ(?:e|es|ed|ing)"
    r"|accept(?:s|ed)?|allowed|permitted|qualif\w+|US (?:and|or) (?:foreign|non-US|international|overseas)|domestic (?:and|or|&)"
    r"|foreign (?:and|or) (?:domestic|US))\b|\bboth (?:US|domestic)\b|\bwhether (?:US|domestic|foreign)",
    re.I,
)
_CONDITION = re.compile(r"^\W*(?:if|when|where|unless|in case)\b", re.I)

_IN_THE_STATES = (
    r"(?:in|within|under)\b[^.;]{0,40}?\b(?:the )?(?:US|United States|50 States|fifty States|State or territory"
    r"|laws of (?:a|any) State)\b(?!\s+(?:or|and)\s+(?:abroad|other|in|a foreign|foreign|overseas|elsewhere))"
)
_DOMESTIC = re.compile(
    rf"(?<!non-)(?<!non )\bdomestic (?:(?:public|private|non-?profit|for-?profit|and|or)[\s,/-]+){{0,6}}{_ENTITY}\b"
    rf"|(?<!not )\b(?:only|solely|exclusively|limited to|restricted to|must be|are)\b[^.;]{{0,40}}?\bUS(?:-based)? {_ENTITY}"
    rf"|(?<!not )\b(?:only|solely|exclusively|limited to|restricted to)\b[^.;]{{0,30}}?\b(?:US|United States)\b"
    rf"|\bUS(?:-based)? {_ENTITY} only\b|\bUS only\b|\bdomestic(?:ally)? only\b"
    rf"|\b{_ENTITY}\b[^.;]{{0,60}}?\bmust be\b[^.;]{{0,60}}?\b(?:located|based|headquartered|incorporated|formed|organi[sz]ed"
    rf"|registered|chartered|established|domiciled)\b[^.;]{{0,30}}?{_IN_THE_STATES}"
    rf"|\b{_ENTITY}\b(?:\W+\w+){{0,6}}?\W+(?<!not )(?:located|headquartered|incorporated|accredited) {_IN_THE_STATES}"
    r"|\bapplicants?\b[^.;]{0,40}?\bmust be\b[^.;]{0,30}?\b(?:US|United States) citizens?\b",
    re.I,
)
_NAMED_RECIPIENT = re.compile(
    r"\b(?:partners?|members?|participant\w*|participating \w+)\b[^.;]{0,60}?\b(?:CESU|Cooperative Ecosystem Studies Unit)"
    r"|\b(?:single|sole)[ -]source\b|\bby invitation only\b|\binvited? (?:applicants? |applications? )?only\b"
    r"|\bnot (?:open for|subject to|a) compet\w+|\bnotice of intent\b",
    re.I,
)
_FEW_KINDS = re.compile(
    r"(?<!not )\b(?:only|limited to|restricted to)\b[^.;]{0,40}?\b(?:current|existing|previous(?:ly)?|incumbent|invited"
    r"|individuals|students|institutions of higher education|universities|colleges)\b",
    re.I,
)


def verdict(codes: Collection[str], text: str) -> Verdict:
    """Decide from the codes (Grants.gov's own, two digits) and the plain text on eligibility."""
    words = {word for clause in _clauses(text[:_READ]) if (word := _of_clause(clause)) is not None}
    if "invited" not in words and not words.isdisjoint({"refused", "domestic"}):
        return "us_only"
    if "few" in words or {"invited", "refused"} <= words:
        return "restricted"
    if "invited" in words:
        return "open"
    return _of_codes(frozenset(codes))


def _of_codes(codes: frozenset[str]) -> Verdict:
    if ANYBODY in codes:
        return "open"
    if codes and codes <= PEOPLE_AND_SCHOOLS:
        return "restricted"
    if codes and codes <= OF_THE_STATES:
        return "us_only"
    return "restricted" if codes and codes <= OF_THE_STATES | PEOPLE_AND_SCHOOLS else "not_stated"


def _clauses(text: str) -> Iterator[str]:
    """Cut a text where a statement ends: at points, list signs, and where "but" turns it round."""
    plain = re.sub(r"\bU\.\s?S\.(?:\s?A\.)?", "US", text)
    plain = re.sub(r"\b(?:e\.g|i\.e|etc|Inc|St|No)\.", lambda found: found[0].replace(".", ""), plain)
    plain = plain.replace("‐", "-").replace("‑", "-").replace("–", "-")
    yield from re.split(r"[.;!?•·\n]+(?:\s|$)|;|•|,?\s+(?:but|however|although|whereas|while)\b", plain)


def _of_clause(clause: str) -> Literal["invited", "refused", "domestic", "few"] | None:
    if _NAMED_RECIPIENT.search(clause):
        return "few"
    foreign = _FOREIGN.search(clause)
    if foreign is None:
        return "domestic" if _DOMESTIC.search(clause) else "few" if _FEW_KINDS.search(clause) else None
    if _NO_APPLICANT.search(clause):
        return None
    if _ONLY_AS_PARTNER.search(clause):
        return "refused"
    # "..., including foreign ones, individuals may not": the words between the same commas say most.
    start, end = clause.rfind(",", 0, foreign.start()) + 1, clause.find(",", foreign.end())
    for words in (clause[start : end if end >= 0 else None], clause):
        if _REFUSED.search(words):
            return "refused"
        if _INVITED.search(words) and not _CONDITION.match(clause):
            return "invited"
    # A line of a list of applicants needs no verb.
    return "invited" if len(clause) - len(foreign[0]) < _ENTRY and not _CONDITION.match(clause) else None
