"""SAM.gov, the tenders of the federal government of the United States. Facts and ways out: docs/platforms/sam_gov.md."""

from connectors.sam_gov.about import ABOUT, Params
from connectors.sam_gov.fields import audit
from connectors.sam_gov.reading import identify, read, split
from connectors.sam_gov.search import fetch

__all__ = ["ABOUT", "Params", "audit", "fetch", "identify", "read", "split"]
