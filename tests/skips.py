"""The tests that may be left out, and why. With CI=true any other skipped test fails the run."""

ALLOWED = {
    "the recorded answers are not beside this checkout (WORLDWIDEWE_SAMPLES)": "they are not part of the project",
    "the templates of the component library are not beside this checkout (WORLDWIDEWE_ECL)": "they come from npm, where there is one",
}
"""Reason as pytest prints it → why that is acceptable."""


def unexcused(reasons: list[str]) -> list[str]:
    """The reasons that nobody has excused."""
    return [reason for reason in reasons if not any(allowed in reason for allowed in ALLOWED)]
