"""Who may apply, as a verdict: a pure decider over the codes of applicants and the text beside them.

The one thing to know: no code means "foreign" or "cooperative". Words decide before codes; where words contradict each
other, or speak of applicants from abroad without saying anything certain, the verdict is `not_stated` and never a guess.

- `open`: anybody (99), or the text invites foreign applicants.
- `us_only`: the text shuts foreign applicants out, or all codes mean entities of the United States.
- `restricted`: some may apply and a cooperative from abroad hardly: universities, individuals, partners of a network, one
  named recipient; or some kinds from abroad are invited and others refused.
- `not_stated`: the rest, also 13, 22 and 25 without such words.
"""

from collections.abc import Collection
from typing import Literal, TypeAlias

from connectors.grants_gov.cues import cues

Verdict: TypeAlias = Literal["open", "restricted", "us_only", "not_stated"]

ANYBODY = "99"
_READ = 20_000
# Governments, tribes, housing authorities, 501(c)(3) of the tax code, small businesses of the Small Business Act.
OF_THE_STATES = frozenset({"00", "01", "02", "04", "05", "06", "07", "08", "11", "12", "23"})
# Neither says in which country; no cooperative is one.
PEOPLE_AND_SCHOOLS = frozenset({"06", "20", "21"})


def verdict(codes: Collection[str], text: str) -> Verdict:
    """Decide from the codes (Grants.gov's own, two digits) and the plain text on eligibility."""
    said = frozenset(cues(text[:_READ]))
    shut = not said.isdisjoint({"refused", "only"})
    if "contradicted" in said or (shut and "invited" in said):
        return "not_stated"
    if shut:
        return "us_only"
    if "few" in said or {"invited", "partly"} <= said:
        return "restricted"
    if "invited" in said:
        return "open"
    if not said.isdisjoint({"partly", "mentioned"}):
        return "not_stated"
    return "us_only" if "domestic" in said else _of_codes(frozenset(codes))


def _of_codes(codes: frozenset[str]) -> Verdict:
    if ANYBODY in codes:
        return "open"
    if codes and codes <= PEOPLE_AND_SCHOOLS:
        return "restricted"
    if codes and codes <= OF_THE_STATES:
        return "us_only"
    return "restricted" if codes and codes <= OF_THE_STATES | PEOPLE_AND_SCHOOLS else "not_stated"
