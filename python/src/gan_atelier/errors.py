"""Everything that can go wrong, as an exception class for each of the module's stable codes."""

from __future__ import annotations

from typing import Any, Mapping


class AtelierError(Exception):
    """The base of all of them.

    ``code`` is stable and the same in every language; ``details`` holds the numbers and names that belong to it.
    """

    code = "Internal"

    def __init__(self, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.details: dict[str, Any] = dict(details or {})

    @property
    def message(self) -> str:
        return str(self.args[0])


class UnsupportedImage(AtelierError):
    """A file that is no picture, or one that the browser cannot decode."""

    code = "UnsupportedImage"


class ImageTooLarge(AtelierError):
    """A picture of more than 100 megapixels."""

    code = "ImageTooLarge"


class InvalidData(AtelierError, ValueError):
    """An array that cannot be learned from: its shape, its type, or a value, named by its place."""

    code = "InvalidData"


class InvalidConfig(AtelierError, ValueError):
    """A setting that there is not, or a value that it cannot have."""

    code = "InvalidConfig"


class InvalidSession(AtelierError, ValueError):
    """Bytes that are no saved training."""

    code = "InvalidSession"


class WeightsMismatch(AtelierError):
    """Weights of another network."""

    code = "WeightsMismatch"


class WeightsCorrupt(AtelierError):
    """Weights that did not arrive as they were published."""

    code = "WeightsCorrupt"


class Diverged(AtelierError, ArithmeticError):
    """A loss is no longer a finite number; other settings are needed."""

    code = "Diverged"


class DeviceLost(AtelierError):
    """What computed is gone."""

    code = "DeviceLost"


class OutOfMemory(AtelierError, MemoryError):
    """The page has no memory left for it."""

    code = "OutOfMemory"


class StorageFull(AtelierError):
    """The browser may keep no more."""

    code = "StorageFull"


class Aborted(AtelierError):
    """It was stopped: in the page, by an interrupt, or because the page was opened anew."""

    code = "Aborted"


class Network(AtelierError):
    """A part of the atelier did not reach the page."""

    code = "Network"


class Unsupported(AtelierError):
    """Something that this notebook, this browser or this package cannot do."""

    code = "Unsupported"


class NoPage(Unsupported):
    """Nothing shows the widget, so nothing computes. ``details["reason"]`` is ``no_page`` or ``no_notebook``."""


class Internal(AtelierError):
    """A fault of ours."""

    code = "Internal"


_classes = {
    each.code: each
    for each in (
        UnsupportedImage, ImageTooLarge, InvalidData, InvalidConfig, InvalidSession, WeightsMismatch, WeightsCorrupt, Diverged,
        DeviceLost, OutOfMemory, StorageFull, Aborted, Network, Unsupported, Internal,
    )
}

codes = tuple(_classes)


def error_of(code: str, message: str, details: Mapping[str, Any] | None = None) -> AtelierError:
    """The exception for what the page reports."""
    return _classes.get(code, Internal)(message, details)
