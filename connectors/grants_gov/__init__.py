"""Grants.gov, the one portal of the federal grants of the United States. Facts and ways out: docs/platforms/grants_gov.md."""

from connectors.grants_gov.about import ABOUT, Params
from connectors.grants_gov.fields import audit
from connectors.grants_gov.reading import identify, read, split
from connectors.grants_gov.search import fetch

__all__ = ["ABOUT", "Params", "audit", "fetch", "identify", "read", "split"]
