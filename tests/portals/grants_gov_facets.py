"""The code lists of Grants.gov as the simulator shows them, and the counts beside a search.

The one thing to know: a facet lists only what is among the hits.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

APPLICANTS = {
    "00": "State governments", "01": "County governments", "02": "City or township governments",
    "04": "Special district governments", "05": "Independent school districts",
    "06": "Public and State controlled institutions of higher education",
    "07": "Native American tribal governments (Federally recognized)", "08": "Public housing authorities",
    "11": "Native American tribal organizations", "12": "Nonprofits having a 501(c)(3) status with the IRS",
    "13": "Nonprofits that do not have a 501(c)(3) status with the IRS", "20": "Private institutions of higher education",
    "21": "Individuals", "22": "For profit organizations other than small businesses", "23": "Small businesses",
    "25": "Others", "99": "Unrestricted",
}  # fmt: skip
INSTRUMENTS = {"CA": "Cooperative Agreement", "G": "Grant", "O": "Other", "PC": "Procurement Contract"}
CATEGORIES = {
    "AG": "Agriculture", "AR": "Arts", "BC": "Business and Commerce", "CD": "Community Development", "ED": "Education",
    "ELT": "Employment, Labor and Training", "EN": "Energy", "ENV": "Environment", "FN": "Food and Nutrition",
    "HL": "Health", "HO": "Housing", "HU": "Humanities", "ISS": "Income Security and Social Services",
    "NR": "Natural Resources", "ST": "Science and Technology and other Research and Development",
}  # fmt: skip
RANGES = {"3": "3 Days", **{str(7 * weeks): f"{weeks} Weeks" for weeks in range(1, 9)}}


def count(values: Iterable[str], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Write one facet: what is there, with its number, by label."""
    found = Counter(values)
    rows = [{"label": label, "value": code, "count": found[code]} for code, label in labels.items() if found[code]]
    return sorted(rows, key=lambda row: str(row["label"]))
