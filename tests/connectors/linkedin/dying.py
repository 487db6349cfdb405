"""A process that renews the token of LinkedIn and dies on the way, with no time to tidy up: for test_renewal.py.

python -m tests.connectors.linkedin.dying STEP STORE HOME LOGIN
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from aggregator.store import secrets
from aggregator.store.session import open_store
from connectors import linkedin
from connectors.base.client import Client
from connectors.linkedin.login import renewed
from tests.connectors.linkedin.asking import Asking
from tests.connectors.memory import DictMemory
from tests.connectors.visit import LOOPBACK

STEPS = ("locked", "asked", "written", "never")


def main(step: str, database: str, home: str, login: str) -> None:
    # As if it had died so long ago that its lock is over.
    secrets.LOCKED = timedelta(seconds=-2)
    vault = secrets.Vault(open_store(database), Path(home))
    client = Client(
        about=linkedin.ABOUT, memory=DictMemory(), user_agent="test", egress=LOOPBACK, extra_hosts=("127.0.0.1",)
    )

    class Dying:
        """The vault, and the client, of a process that ends at one step."""

        get, require, lock = vault.get, vault.require, vault.lock

        def put(self, name: str, value: str, *, days: int | None = None) -> None:
            die("asked")
            vault.put(name, value, days=days)
            die("written")

        def post_form(self, *given: Any, **named: Any) -> Any:
            die("locked")
            return client.post_form(*given, **named)

    def die(at: str) -> None:
        if at == step:
            os._exit(9)

    params = linkedin.Params(login=f"{login}/oauth/v2", endpoint=f"{login}/rest")
    dying: Any = Dying()
    print(renewed(Asking(dying, dying, params), stale="access-1"))


if __name__ == "__main__":
    main(*sys.argv[1:])
