"""The settings of every family, as the engine declares them (``static/schema.json``)."""

from __future__ import annotations

import json
import math
import numbers
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any, Iterable

from .errors import InvalidConfig


def part(place: str) -> bytes:
    """A file that the page asks for, or that is read here."""
    return files(__package__).joinpath("static", *place.split("/")).read_bytes()


@lru_cache(maxsize=1)
def schemas() -> dict[str, Any]:
    return json.loads(part("schema.json"))


def nearest(name: str, known: Iterable[str]) -> str:
    """`` Did you mean …?``, where something is near enough."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" Did you mean {found[0]!r}?" if found else ""


def family_of(name: str) -> dict[str, Any]:
    known = schemas()
    if name not in known:
        raise InvalidConfig(
            f"There is no family {name!r}; there are {', '.join(known)}.{nearest(str(name), known)}",
            {"reason": "family", "field": "family", "value": name},
        )
    return known[name]


def _checked(field: dict[str, Any], value: Any) -> Any:
    key, kind = field["key"], field["kind"]

    def refuse(wanted: str) -> InvalidConfig:
        return InvalidConfig(f"`{key}` is {wanted}, not {value!r}.", {"field": key, "value": repr(value)})

    if kind == "choice":
        chosen = next((each for each in field["choices"] if each == value), None)
        if chosen is None:
            near = nearest(value, field["choices"]) if isinstance(value, str) else ""
            raise InvalidConfig(
                f"`{key}` is one of {', '.join(map(str, field['choices']))}, not {value!r}.{near}", {"field": key, "value": repr(value)}
            )
        return chosen
    if kind == "boolean":
        if not isinstance(value, bool) and type(value).__name__ not in ("bool_", "bool"):
            raise refuse("True or False")
        return bool(value)
    whole = kind == "integer"
    fits = isinstance(value, numbers.Integral if whole else numbers.Real) and not isinstance(value, bool)
    if not fits:
        raise refuse("a whole number" if whole else "a number")
    number = int(value) if whole else float(value)
    if not math.isfinite(number) or not field["min"] <= number <= field["max"]:
        raise refuse(f"{field['min']} to {field['max']}")
    return number


def settle(family: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Settings as the page takes them.

    :raises InvalidConfig: for a name that the family does not have, with the nearest that it has, and for a value out of its range.
    """
    fields = {field["key"]: field for field in family_of(family)["fields"]}
    told: dict[str, Any] = {}
    for key, value in settings.items():
        if key not in fields:
            raise InvalidConfig(
                f"The family {family!r} has no setting `{key}`.{nearest(key, fields)} It has {', '.join(fields)}.",
                {"reason": "unknown_key", "field": key, "family": family},
            )
        told[key] = _checked(fields[key], value)
    return told
