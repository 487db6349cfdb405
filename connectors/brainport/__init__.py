"""Brainport, the high-tech region around Eindhoven: news, challenges, a fund, a test district, and (off) its vacancies.

The one thing to know: it is no data base of opportunities but a family of web sites; what tells an opportunity from news
about successes is words. Nobody has seen the markup: items are found by the form of their addresses.
"""

from connectors.brainport.about import ABOUT, Params
from connectors.brainport.reading import identify, read, rights, split
from connectors.brainport.walk import fetch, sweep_days

__all__ = ["ABOUT", "Params", "fetch", "identify", "read", "rights", "split", "sweep_days"]
