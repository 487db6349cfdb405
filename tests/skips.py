"""The tests that may be left out, and why. With CI=true any other skipped test fails the run."""

NO_SMALL_DISK = "nobody may mount a small disk here (root, or unshare --map-root-user)"
NO_CLUSTER = "the programs of a PostgreSQL server (initdb, pg_ctl) are not on this machine"
NO_POSTGRES = "there is no PostgreSQL server for the tests (WORLDWIDEWE_TEST_POSTGRES)"

ALLOWED = {
    "the recorded answers are not beside this checkout (WORLDWIDEWE_SAMPLES)": "they are not part of the project",
    "the templates of the component library are not beside this checkout (WORLDWIDEWE_ECL)": "they come from npm, where there is one",
    NO_SMALL_DISK: "the same is tested with SQLite's own limit of pages",
    NO_CLUSTER: "connections are cut on the ordinary test database too",
    NO_POSTGRES: "all tests of the store run on SQLite alone then",
}
"""Reason as pytest prints it → why that is acceptable."""


def unexcused(reasons: list[str]) -> list[str]:
    """The reasons that nobody has excused."""
    return [reason for reason in reasons if not any(allowed in reason for allowed in ALLOWED)]
