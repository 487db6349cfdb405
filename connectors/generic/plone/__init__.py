"""Plone sites through plone.restapi: the calls (`Bando`) of Italian regions, with deadline and addressees as fields.

The one thing to know: moments are UTC, with or without an offset behind them; people meant the clock of the site.
"""

from connectors.generic.plone.about import ABOUT, Params
from connectors.generic.plone.reading import identify, read
from connectors.generic.plone.search import fetch, split

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "split"]
