"""Processes that tests start."""

import os

FOR_BROWSERS = "DJANGO_ALLOW_ASYNC_UNSAFE"  # tests/browser/conftest.py sets it; a deployment must not have it


def surroundings(**told: str) -> dict[str, str]:
    """The environment of a process: this one's without what only tests in a browser set, and with what it is told."""
    return {name: value for name, value in os.environ.items() if name != FOR_BROWSERS} | told
