"""JSON answers of outside services: read once, with a typed error for what is none."""

from __future__ import annotations

import json
from typing import Any

from catalog.sources.fetching import Unexpected


def json_object(document: bytes) -> dict[str, Any]:
    """The object that a service answers; raises Unexpected where it is none."""
    try:
        answer = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise Unexpected("not JSON") from error
    if not isinstance(answer, dict):
        raise Unexpected("not a JSON object")
    return answer


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; [] of anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
