"""Generative adversarial networks that train in a notebook's own page, and CycleGANs that paint photos there.

>>> from gan_atelier import Trainer
>>> trainer = Trainer(dataset="ring", seed=7)
>>> trainer            # doctest: +SKIP
>>> trainer.step(200)  # doctest: +SKIP
"""

from __future__ import annotations

from typing import Any

from . import errors
from ._schema import family_of, schemas
from ._version import __version__
from .errors import AtelierError
from .stylizer import Stylizer, painters
from .trainer import Trainer


def families() -> list[str]:
    """The families of networks that can be trained."""
    return list(schemas())


def settings(family: str = "gan") -> dict[str, dict[str, Any]]:
    """A family's settings by name: ``default``, ``kind`` and, as they have them, ``min``, ``max`` or ``choices``."""
    return {field["key"]: {key: value for key, value in field.items() if key != "key"} for field in family_of(family)["fields"]}


__all__ = ["AtelierError", "Stylizer", "Trainer", "__version__", "errors", "families", "painters", "settings"]
