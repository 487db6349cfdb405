"""Whoever asks LinkedIn, without a visit around it."""

from dataclasses import dataclass
from datetime import datetime

from connectors.base.contract import HTTP, Secrets
from connectors.linkedin.about import Params
from tests.connectors.linkedin.conftest import NOW


@dataclass(frozen=True, slots=True)
class Asking:
    """Implements `login.Asker`."""

    http: HTTP
    secrets: Secrets
    params: Params
    now: datetime = NOW
