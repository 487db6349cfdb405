"""The version, read from the installed package so that it stands in one place (pyproject.toml)."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("worldwidewe")
except PackageNotFoundError:  # run from a folder that was never installed
    VERSION = "0"
