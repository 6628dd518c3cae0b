"""A training in the notebook's page."""

from __future__ import annotations

import math
import os
import threading
import time
from pathlib import Path
from typing import Any, Union

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from . import _wait
from ._data import Own, own_data
from ._schema import family_of, nearest, settle
from ._widget import Call, Widget
from .errors import InvalidConfig, InvalidSession, Unsupported

#: What every rest brings along, without being asked.
_usual_count = 64
_most_count = 4096
#: A training that plays is at another step with every report: an answer that marimo's cells got is good this long.
_fresh_s = 10.0

PathLike = Union[str, "os.PathLike[str]"]


def _whole(name: str, value: Any, least: int, most: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least or (most is not None and value > most):
        upto = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise InvalidConfig(f"`{name}` is a whole number {upto}, not {value!r}.", {"field": name, "value": repr(value)})
    return int(value)


class Trainer(Widget):
    """Two networks that compete in the notebook's page: shown as the last line of a cell, asked from any other.

    :param family: ``gan``, ``dcgan``, ``acgan``, ``rgan``, ``cyclegan`` or ``drgan``. Left out, the plain GAN, or what suits ``data``.
    :param dataset: one of the family's built-in ones; left out, the family's usual one.
    :param seed: from 0 to 4294967295. The same seed and settings give the same losses to the last bit.
    :param data: points ``(n, 2)`` in any unit; pictures ``(n, height, width)`` or ``(n, height, width, 3)``, whole numbers from 0 to 255 or
        real ones from 0 to 1; sequences ``(n, steps)`` or ``(n, steps, values)`` in any unit: real numbers in three dimensions need ``family``.
        It goes to the page and nowhere else.
    :param labels: a class for each row of ``data``, by number or name: pictures and sequences.
    :param steps: the training rests by itself when so many are done.
    :param autoplay: it begins when it is shown.
    :param count: how many samples every rest brings along, so that ``samples(count)`` answers at once. 1 to 4096; of a CycleGAN at most 256, of a DR-GAN 64.
    :param language: ``'en'`` or ``'zh-Hant'``; left out, the browser's.
    :param settings: of the family, as :func:`gan_atelier.settings` lists them.
    :raises InvalidConfig: for a setting that there is not, with the nearest that there is.
    :raises InvalidData: for an array that cannot be learned from, with the place of what is wrong.
    """

    #: Steps done when it last rested; marimo runs cells again when it changes.
    steps = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        family: str | None = None,
        dataset: str | None = None,
        seed: int = 7,
        *,
        data: ArrayLike | None = None,
        labels: ArrayLike | None = None,
        steps: int | None = None,
        autoplay: bool = False,
        count: int = _usual_count,
        language: str | None = None,
        **settings: Any,
    ) -> None:
        saved = settings.pop("_saved", None)
        if data is None and labels is not None:
            raise InvalidConfig("labels= goes with data=, which is missing.", {"field": "labels"})
        own = None if data is None else own_data(data, labels, family, dataset)
        family = own.family if own else (family or "gan")
        schema = family_of(family)
        self._own: Own | None = own
        self._config = self._settled(family, own, dataset, schema, {"seed": seed, **settings})
        self._limit = None if steps is None else _whole("steps", steps, 1)
        self._autoplay = bool(autoplay)
        self._count = _whole("count", count, 1, _most_count)
        self._saved: bytes | None = saved
        self._told: dict[str, Any] = {}
        self._dataset: dict[str, Any] = {}
        self._metrics: dict[str, Any] = {}
        self._step = 0
        #: Whether it has rested since the last report.
        self._stands = True
        self._losses: list[NDArray[np.float32]] = []
        #: Reports may come in a thread beside the cell that asks for the losses.
        self._losses_lock = threading.Lock()
        #: Samples by step, count, seed and label.
        self._samples: dict[tuple[int, int, int, int | None], tuple[dict[str, Any], bytes]] = {}
        super().__init__("trainer", language)

    @staticmethod
    def _settled(family: str, own: Own | None, dataset: str | None, schema: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
        known = {each["id"]: each for each in schema["datasets"]}
        if own is None and dataset is not None:
            if dataset not in known:
                raise InvalidConfig(
                    f"The family {family!r} has no dataset {dataset!r}.{nearest(str(dataset), known)} It has {', '.join(known)}.",
                    {"field": "dataset", "value": repr(dataset)},
                )
            if known[dataset].get("own"):
                raise InvalidConfig(f"The dataset {dataset!r} is what you bring: give it as data=.", {"field": "dataset", "value": dataset})
        chosen = own.dataset if own else dataset
        if own and own.kind == "sequences" and "sequence_length" not in settings:
            # As long as they were brought, as far as the family goes.
            field = next(each for each in schema["fields"] if each["key"] == "sequence_length")
            settings = {**settings, "sequence_length": min(max(own.shape[1], field["min"]), field["max"])}
        return {"family": family, **settle(family, {**settings, **({"dataset": chosen} if chosen else {})})}

    @classmethod
    def load(cls, file: bytes | PathLike, *, count: int = _usual_count, language: str | None = None) -> "Trainer":
        """Goes on with a saved training, to the last bit: what :meth:`save` gave, or the file that the page saves.

        :raises InvalidSession: when the page finds that these bytes are no saved training.
        """
        if not isinstance(file, (bytes, bytearray, memoryview)):
            path = Path(file)
            if not path.is_file():
                raise InvalidSession(f"There is no file {path}.", {"reason": "missing", "path": str(path)})
            file = path.read_bytes()
        if not len(file):
            raise InvalidSession("A saved training is not empty.", {"reason": "empty"})
        return cls(count=count, language=language, _saved=bytes(file))

    # ---- what it is

    @property
    def settings(self) -> dict[str, Any]:
        """Every setting. Complete once the page has begun; before, those that were given."""
        return dict(self._told or self._config)

    @property
    def family(self) -> str:
        return str(self.settings["family"])

    @property
    def classes(self) -> list[str]:
        """Names of the classes, in the order of their numbers."""
        return (self._own.classes if self._own else []) or list(self._dataset.get("classes") or [])

    @property
    def losses(self) -> NDArray[np.float32]:
        """One row a step, ``(steps, 2)``: the discriminator's loss and the generator's. NaN where only the other one stepped."""
        with self._losses_lock:
            if not self._losses:
                return np.empty((0, 2), np.float32)
            if len(self._losses) > 1:
                self._losses = [np.concatenate(self._losses)]
            return self._losses[0].copy()

    @property
    def metrics(self) -> dict[str, float]:
        """The numbers of the last report, by name: ``modes``, ``high_quality`` (a share, 0 to 1), ``score_real``, …; NaN where there is none yet."""
        return {
            key: math.nan if value is None else float(value)
            for key, value in self._metrics.items()
            if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
        }

    @property
    def contest(self) -> str | None:
        """How the contest stands: ``starting``, ``even``, ``discriminator_too_strong``, ``collapsed`` or ``diverged``; None before the first report."""
        contest = self._metrics.get("contest")
        return contest.get("state") if isinstance(contest, dict) else None

    # ---- what it does

    def step(self, n: int = 1) -> int:
        """Trains ``n`` steps and returns how many are done in all. Waits until they are.

        In marimo, where a cell runs again by itself, a step would be taken each time: use :meth:`until`.
        """
        n = _whole("n", n, 1)
        if _wait.place() == "marimo":
            raise Unsupported("In marimo a cell may run several times, and step() would train each time: use until(), which says where to arrive.", {"reason": "marimo"})
        self._ready()
        return self.until(self._step + n)

    def until(self, step: int) -> int:
        """Trains until so many steps are done in all, and returns how many are: nothing, where there are as many already."""
        step = _whole("step", step, 0)
        if _wait.place() != "marimo":
            self._ready()
        if self._begun and self._step >= step:
            return self._step
        # Arrived once, and begun anew since.
        self._forget(("until", step), lambda _: self._step < step)
        self._ask("until", {"step": step}, key=("until", step))
        return self._step

    def _ready(self) -> None:
        """Until the page has begun it is not known where a saved training goes on from."""
        if not self._begun:
            self._ask("pause", key=("pause",))

    def _stale(self, call: Call) -> bool:
        """Whether marimo's answer is of another step. Every answer runs all cells again: those of a training that plays must still find theirs."""
        return call.step != self._step and (self._stands or (call.given is not None and time.monotonic() - call.given > _fresh_s))

    def samples(self, count: int = _usual_count, *, seed: int = 1, label: int | str | None = None, return_labels: bool = False) -> Any:
        """What the generator makes at this step: the same latents for the same seed. In marimo, while a training plays, a cell may get what
        it got some seconds ago.

        :param label: a class by its number or name, for families that know classes; left out, all in turn.
        :returns: points ``(count, 2)`` and sequences ``(count, steps, values)`` float32, in the units of ``data``; pictures uint8
            ``(count, height, width)`` or ``(count, height, width, 3)``. A CycleGAN's come as ``(6 * count, …)``: a, b made of a, a again, then b, a
            made of b, b again; a DR-GAN's as ``(8 * count, …)``: the pictures, then all people at -90, -60, … 90 degrees. With
            ``return_labels`` the classes' numbers besides, ``(count,)``, or None.
        """
        count, seed = _whole("count", count, 1, _most_count), _whole("seed", seed, 0, 2**32 - 1)
        chosen = self._label(label)
        if _wait.place() != "marimo":
            self._ready()
        key = ("sample", count, seed, chosen)
        self._forget(key, self._stale)
        # Looked up once, and taken from the answer itself: a report may clear what is kept at any time.
        kept = None if key in self._kept else self._samples.get((self._step, count, seed, chosen))
        if kept is None:
            call = self._ask("sample", {"count": count, "seed": seed, **({} if chosen is None else {"label": chosen})}, key=key)
            kept = call.value, call.answer[0]
        made = self._array(*kept)
        if not return_labels:
            return made
        numbers = kept[0].get("labels")
        return made, None if numbers is None else np.asarray(numbers, np.int64)

    def _label(self, label: int | str | None) -> int | None:
        if label is None or not isinstance(label, str):
            return None if label is None else _whole("label", label, 0)
        if label not in self.classes:
            raise InvalidConfig(f"There is no class {label!r}; there are {', '.join(self.classes) or 'none'}.", {"field": "label", "value": label})
        return self.classes.index(label)

    def _array(self, value: dict[str, Any], data: bytes) -> NDArray[Any]:
        shape = tuple(value["shape"])
        if value["kind"] == "images":
            rgba = np.frombuffer(data, np.uint8).reshape(shape)
            grey = len(self._dataset.get("shape", ())) == 2 and "rows" not in value
            return rgba[..., 0].copy() if grey else rgba[..., :3].copy()
        made = np.frombuffer(data, np.float32).reshape(shape).copy()
        scale = self._dataset.get("scale")
        if value["kind"] == "points" and scale:
            axes = np.asarray(scale["axes"], np.float64)
            made = (made * axes[:, 1] + axes[:, 0]).astype(np.float32)
        return made

    def save(self, path: PathLike | None = None) -> bytes:
        """Networks, optimisers, step, settings and data of one's own, as :meth:`load` takes them and as the training room does.

        :param path: where to write them, if anywhere.
        """
        self._forget(("save",), self._stale)
        saved = self._ask("save", key=("save",)).answer[0]
        if path is not None:
            Path(path).write_bytes(saved)
        return saved

    def play(self) -> None:
        """Trains on, without waiting, as the widget's button does."""
        self._post("play", {})

    def pause(self) -> None:
        """Stops. Waits until it stands."""
        self._ask("pause", key=("pause", self._step))

    def reset(self) -> None:
        """Begins anew, or at the saved state that was loaded.

        In marimo, where a cell runs again by itself, it would begin anew each time: there the widget's button does it, or a new trainer.
        """
        if _wait.place() == "marimo":
            raise Unsupported("In marimo a cell may run several times, and reset() would begin anew each time: use the widget's button, or make a new Trainer.", {"reason": "marimo"})
        self._ask("reset", key=("reset",))

    # ---- what the page says

    def _beginning(self) -> tuple[dict[str, Any], list[bytes]]:
        # A page that is opened again goes on from the last rest.
        own = self._own if self._saved is None else None
        content = {
            "config": self._config, "own": own and own.header(), "saved": self._saved is not None,
            "limit": self._limit, "autoplay": self._autoplay, "count": self._count,
        }
        return content, [part for part in (own and own.data, self._saved) if part is not None]

    def _take(self, kind: str, content: dict[str, Any], buffers: list[bytes]) -> None:
        if kind == "begun":
            self._begin_at(content)
        elif kind == "report":
            self._report(content, buffers)
            self._tell("seen")
        elif kind == "rested":
            self._arrive(int(content["step"]))
            self._stands = True
            self._samples.clear()
            self._keep_sample(content["sample"], buffers[0])
            if len(buffers) > 1:
                self._saved = buffers[1]
        elif kind == "answer":
            if call := self._calls.get(content["call"]):
                call.step = self._step
            if buffers and isinstance(content.get("value"), dict) and "shape" in content["value"]:
                self._keep_sample(content["value"], buffers[0])
        super()._take(kind, content, buffers)

    def _begin_at(self, content: dict[str, Any]) -> None:
        self._told, self._dataset, step = content["config"], content["dataset"], int(content["step"])
        self._metrics, self._stands = {}, True
        self._samples.clear()
        # At the same step it may be another training.
        self._kept = {key: call for key, call in self._kept.items() if not call.done}
        # Losses of steps that are still done stay: a page that was opened again goes on from them.
        if step > self._step:
            with self._losses_lock:
                self._losses, self._step = [], step
        self._arrive(step)

    def _report(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self._stands, self._metrics = False, content["metrics"]
        self._arrive(int(content["step"]), np.stack([np.frombuffer(each, np.float32) for each in buffers[:2]], axis=1))
        self._samples.clear()

    def _arrive(self, step: int, losses: NDArray[np.float32] = np.empty((0, 2), np.float32)) -> None:
        """It stands at this step, with the losses of the last ones. After a lost worker some are done once more: these count."""
        with self._losses_lock:
            before = step - len(losses)
            if before < self._step and self._losses:
                known = np.concatenate(self._losses)
                self._losses = [known[: max(0, len(known) - (self._step - before))]]
            elif before > self._step:
                # Done by a worker that was lost before it could tell.
                self._losses.append(np.full((before - self._step, 2), np.nan, np.float32))
            if len(losses):
                self._losses.append(losses)
            # Only now: whoever sees that a step is done finds its losses.
            self._step = step

    def _keep_sample(self, value: dict[str, Any], data: bytes) -> None:
        self._samples[(int(value["step"]), int(value["count"]), int(value["seed"]), value.get("label"))] = (value, data)


__all__ = ["Trainer"]
