"""A notebook's own arrays, checked before anything travels, as the page takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Sequence

import numpy as np

from .errors import InvalidConfig, InvalidData, Unsupported

#: Points that are kept; each is a place of the distribution.
MOST_POINTS = 2000
#: Fewer are no distribution.
LEAST_POINTS = 8
#: The frame has some air around what is in it.
_FRAME = 0.95
#: Values in one step of a sequence.
MOST_VALUES = 64

_datasets = {"points": {"gan": "drawn"}, "sequences": {"rgan": "series"}, "pictures": {"gan": "own", "dcgan": "own", "acgan": "own"}}
_usual = {"points": "gan", "sequences": "rgan", "pictures": "dcgan"}


@dataclass
class Own:
    """What is learned from, ready to travel."""

    kind: str
    family: str
    dataset: str
    shape: tuple[int, ...]
    data: bytes
    labels: list[Any] | None = None
    scale: dict[str, Any] | None = None
    #: Of sequences, in the order of their numbers; of pictures the page finds them.
    classes: list[str] = field(default_factory=list)

    def header(self) -> dict[str, Any]:
        return {"kind": self.kind, "shape": list(self.shape), "labels": self.labels, "scale": self.scale}


def _refuse(message: str, place: str = "data", **details: Any) -> InvalidData:
    return InvalidData(message, {"place": place, **details})


def _place(name: str, at: Sequence[int]) -> str:
    return f"{name}[{', '.join(str(int(each)) for each in at)}]"


def finite(array: np.ndarray, name: str = "data") -> np.ndarray:
    """The array as it is, unless a number in it is none.

    :raises InvalidData: naming the first such number's place.
    """
    if array.dtype.kind == "f":
        wrong = np.argwhere(~np.isfinite(array))
        if len(wrong):
            place = _place(name, wrong[0])
            more = f" ({len(wrong)} such numbers in all)" if len(wrong) > 1 else ""
            raise _refuse(f"{place} is {array[tuple(wrong[0])]}, not a number that can be used{more}.", place, reason="not_finite", count=len(wrong))
    return array


def as_array(given: Any, name: str = "data") -> np.ndarray:
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise _refuse(f"{name} is not one array: {error}", name, reason="ragged") from None
    if array.dtype.kind not in "fiub":
        raise _refuse(f"{name} has the type {array.dtype}, not numbers.", name, reason="dtype", dtype=str(array.dtype))
    if not array.size:
        raise _refuse(f"{name} is empty: its shape is {array.shape}.", name, reason="empty")
    return finite(array, name)


def _kind(array: np.ndarray, family: str | None) -> str:
    if array.ndim == 2:
        if family == "rgan" or (family is None and array.shape[1] != 2):
            return "sequences"
        if array.shape[1] == 2:
            return "points"
    elif array.ndim == 3:
        if family == "rgan":
            return "sequences"
        if family is not None or array.dtype.kind in "iub":
            return "pictures"
        raise InvalidConfig(
            f"An array of the shape {array.shape} may be pictures (n, height, width) or sequences (n, steps, values): "
            "say family='dcgan' or family='rgan'.",
            {"field": "family", "reason": "kind"},
        )
    elif array.ndim == 4 and array.shape[3] in (1, 3):
        return "pictures"
    raise _refuse(
        f"An array of the shape {array.shape} is neither points (n, 2) nor pictures (n, height, width) or (n, height, width, 3) "
        "nor sequences (n, steps) or (n, steps, values).",
        reason="shape",
        shape=list(array.shape),
    )


def _points(array: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    if len(array) < LEAST_POINTS:
        raise _refuse(f"{len(array)} points, fewer than {LEAST_POINTS}.", reason="count", count=len(array), least=LEAST_POINTS)
    values = array.astype(np.float64)
    low, high = values.min(axis=0), values.max(axis=0)
    middle = (low + high) / 2
    half = np.where(high > low, (high - low) / 2 / _FRAME, 1.0)
    kept = values[np.arange(min(len(values), MOST_POINTS)) * len(values) // min(len(values), MOST_POINTS)]
    scaled = np.clip((kept - middle) / half, -1, 1).astype(np.float32)
    axes = [[float(middle[axis]), float(half[axis])] for axis in range(2)]
    return scaled, {"axes": axes, "names": ["x", "y"], "brought": len(values)}


def _pictures(array: np.ndarray) -> np.ndarray:
    if len(array) < 2:
        raise _refuse("One picture is nothing to learn a variety from.", reason="count", count=len(array), least=2)
    if min(array.shape[1:3]) < 8 or max(array.shape[1:3]) > 4096:
        raise _refuse(f"Pictures are 8 to 4096 pixels a side, not {array.shape[1]} x {array.shape[2]}.", reason="side", shape=list(array.shape))
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * 255
    most = 1 if array.dtype.kind == "f" else 255
    wrong = np.argwhere((array < 0) | (array > most))
    if len(wrong):
        place = _place("data", wrong[0])
        raise _refuse(
            f"{place} is {array[tuple(wrong[0])]}: pictures hold whole numbers from 0 to 255, or real ones from 0 to 1.", place, reason="range"
        )
    return np.rint(array * 255).astype(np.uint8) if most == 1 else array.astype(np.uint8)


def _unboxed(array: np.ndarray) -> np.ndarray:
    """An array of Python's own objects, as tables of names come, as one of names or of numbers, where it is one."""
    whole = (int, np.integer)
    for kinds in ((str, np.str_), (bytes, np.bytes_), whole):
        if all(isinstance(each, kinds) for each in array):
            return np.array(list(array))
    odd = next(at for at, each in enumerate(array) if not isinstance(each, (str, bytes, *whole)) or type(each) is not type(array[0]))
    raise _refuse(f"labels[{odd}] is {array[odd]!r}: a label is a whole number or a name, as the others are.", f"labels[{odd}]", reason="label")


def _labels(labels: Any, count: int) -> list[Any]:
    array = np.asarray(labels)
    if array.ndim != 1 or len(array) != count:
        raise _refuse(f"labels has the shape {array.shape}, where data has {count} rows.", "labels", reason="label_count", labels=len(array), rows=count)
    if array.dtype.kind == "O":
        array = _unboxed(array)
    finite(array, "labels")
    if array.dtype.kind == "f":
        wrong = np.flatnonzero(array != np.rint(array))
        if len(wrong):
            place = _place("labels", wrong[:1])
            raise _refuse(f"{place} is {array[wrong[0]]}: a label is a whole number or a name.", place, reason="label")
        array = array.astype(np.int64)
    if array.dtype.kind not in "iubUS":
        raise _refuse(f"labels has the type {array.dtype}; a label is a whole number or a name.", "labels", reason="dtype", dtype=str(array.dtype))
    return [each.decode() if isinstance(each, bytes) else each for each in array.tolist()]


def own_data(given: Any, labels: Any, family: str | None, dataset: str | None) -> Own:
    """What the page is told to learn from.

    :raises InvalidData: naming shape, type or the place of what cannot be used.
    """
    array = as_array(given)
    kind = _kind(array, family)
    family = family or ("acgan" if kind == "pictures" and labels is not None else _usual[kind])
    if family not in _datasets[kind]:
        choices = ", ".join(f"{each!r}" for each in _datasets[kind])
        raise Unsupported(
            f"The family {family!r} does not learn from {kind} of one's own; {kind} are for {choices}.", {"reason": "family", "family": family}
        )
    wanted = _datasets[kind][family]
    if dataset not in (None, wanted):
        raise InvalidConfig(f"With data= there is no dataset to choose; {dataset!r} was asked for.", {"field": "dataset", "value": dataset})
    if labels is not None and kind == "points":
        raise InvalidConfig("Points have no labels: labels= goes with pictures and sequences.", {"field": "labels"})
    named = None if labels is None else _labels(labels, len(array))
    if kind == "points":
        values, scale = _points(array)
        return Own(kind, family, wanted, values.shape, values.tobytes(), scale=scale)
    if kind == "sequences":
        values = array.astype(np.float32)
        finite(values)
        values = values[:, :, None] if values.ndim == 2 else values
        if len(values) < 2 or values.shape[1] < 2 or values.shape[2] > MOST_VALUES:
            raise _refuse(
                f"Sequences are at least 2, of at least 2 steps and at most {MOST_VALUES} values a step; the array's shape is {array.shape}.",
                reason="shape", shape=list(array.shape),
            )
        classes = sorted(set(named or []), key=lambda each: (isinstance(each, str), each))
        numbered = None if named is None else [classes.index(each) for each in named]
        return Own(kind, family, wanted, values.shape, np.ascontiguousarray(values).tobytes(), numbered, classes=[str(each) for each in classes])
    values = _pictures(array)
    return Own(kind, family, wanted, values.shape, np.ascontiguousarray(values).tobytes(), named)
