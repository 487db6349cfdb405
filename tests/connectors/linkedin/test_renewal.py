"""Renewing over the real vault: processes that die at every step lose nothing, and two at once renew only once (F24)."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from aggregator.store.secrets import Vault
from aggregator.store.session import Store
from connectors import linkedin
from connectors.base.contract import FetchError
from connectors.linkedin.login import renewed
from connectors.linkedin.tokens import Connection, opened
from tests.connectors.conftest import MakeClient
from tests.connectors.linkedin.asking import Asking
from tests.connectors.linkedin.conftest import connection
from tests.connectors.visit import DictSecrets, SimpleVisit
from tests.portals.linkedin import LinkedInPortal

Die = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture
def vault(store: Store, tmp_path: Path, portal: LinkedInPortal) -> Vault:
    """A vault with a connection whose token has ended."""
    kept = Vault(store, tmp_path / "home")
    kept.put("linkedin", connection(portal).text())
    portal.expire()
    return kept


@pytest.fixture
def die_at(store: Store, vault: Vault, portal: LinkedInPortal) -> Die:
    """Renew in a process of its own that is killed at a step."""
    database = store.engine.url.render_as_string(hide_password=False)

    def run(step: str) -> subprocess.CompletedProcess[str]:
        arguments = ["-m", "tests.connectors.linkedin.dying", step, database, str(vault.home), portal.url]
        return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=60, check=False)

    return run


def held(vault: Vault) -> Connection:
    return opened(vault.require("linkedin"), "linkedin")


def visit(vault: Vault, portal: LinkedInPortal, make_client: MakeClient) -> int:
    """Read the page with what the vault holds; how many posts came."""
    # The vault is a real one; the visit around it need not be.
    params = linkedin.Params(**portal.params)
    reading = SimpleVisit(http=make_client(), params=params, secrets=_as_secrets(vault))
    return len(reading.run(linkedin))


def _as_secrets(vault: Vault) -> DictSecrets:
    return vault  # type: ignore[return-value]


@pytest.mark.parametrize("rotating", [False, True], ids=["same refresh token", "another refresh token"])
@pytest.mark.parametrize("step", ["locked", "asked", "written"])
def test_F24_a_process_that_dies_while_it_renews_loses_nothing(
    vault: Vault, portal: LinkedInPortal, die_at: Die, make_client: MakeClient, step: str, rotating: bool
) -> None:
    portal.rotating = rotating
    died = die_at(step)
    assert (died.returncode, died.stdout) == (9, ""), died.stderr
    assert held(vault).access == ("access-2" if step == "written" else "access-1")
    if (step, rotating) == ("asked", True):
        # The login has ended the old token and told nobody else the new one: no program can know it. It is said so.
        with pytest.raises(FetchError, match="connect with: worldwidewe linkedin connect") as lost:
            visit(vault, portal, make_client)
        assert lost.value.kind == "auth"
        return
    assert visit(vault, portal, make_client) == 120
    assert held(vault).refresh == ("refresh-2" if rotating else "refresh-1")


def test_a_process_that_does_not_die_renews(vault: Vault, portal: LinkedInPortal, die_at: Die) -> None:
    done = die_at("never")
    assert (done.returncode, done.stdout.strip()) == (0, "access-2"), done.stderr
    assert held(vault).access == "access-2"


@pytest.mark.parametrize("times", range(3))
def test_F24_of_two_visits_that_find_the_token_ended_one_renews_it(
    vault: Vault, portal: LinkedInPortal, make_client: MakeClient, times: int
) -> None:
    portal.rotating = True  # a second renewal with the old token would be refused
    together, params = Barrier(2), linkedin.Params(**portal.params)
    clients = [make_client(), make_client()]

    def renew(number: int) -> str:
        together.wait()
        return renewed(Asking(clients[number], vault, params), stale="access-1")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(renew, range(2))) == ["access-2", "access-2"]
    assert portal.renewals == 1
    assert held(vault).refresh == "refresh-2"


def test_a_login_that_fails_leaves_the_lock_free(vault: Vault, portal: LinkedInPortal, make_client: MakeClient) -> None:
    asker = Asking(make_client(), vault, linkedin.Params(**portal.params))
    refresh = portal._refresh
    portal._refresh = None
    with pytest.raises(FetchError, match="invalid_grant"):
        renewed(asker, stale="access-1")
    portal._refresh = refresh
    assert renewed(asker, stale="access-1") == "access-2"


def test_the_vault_says_until_when_a_person_need_not_connect(
    vault: Vault, portal: LinkedInPortal, make_client: MakeClient
) -> None:
    renewed(Asking(make_client(), vault, linkedin.Params(**portal.params)), stale="access-1")
    (kept,) = vault.everything()
    assert kept.expires_at is not None
    assert (kept.expires_at - kept.set_at).days == 305  # the year of the refresh token, less its 60 days
