"""What both widgets have in common: a channel to the page that computes."""

from __future__ import annotations

import json
import threading
import time
import uuid
from pathlib import Path
from typing import Any, Callable, Iterable

import anywidget
import traitlets

from . import _wait
from ._schema import part
from .errors import Aborted, AtelierError, DeviceLost, InvalidConfig, NoPage, error_of

_places = ("atelier.js", "engine.wasm", "models/")
_languages = {None: "", "en": "en", "zh-Hant": "zh-Hant"}


class Call:
    """A question to the page."""

    def __init__(self, number: int, name: str, args: dict[str, Any], buffers: list[bytes]) -> None:
        self.number, self.name, self.args, self.buffers = number, name, args, buffers
        self.sent = False
        self.done = False
        self.value: Any = None
        self.answer: list[bytes] = []
        self.error: AtelierError | None = None
        #: The training's step when the answer came, and when a cell of marimo first got it.
        self.step: int | None = None
        self.given: float | None = None

    def settle(self, value: Any = None, buffers: Iterable[bytes] = (), error: AtelierError | None = None) -> None:
        self.value, self.answer, self.error = value, list(buffers), error
        self.done = True


class Widget(anywidget.AnyWidget):
    """A widget whose page computes; ``_ask`` asks it."""

    _esm = (Path(__file__).parent / "loader.js").read_text(encoding="utf-8")
    _kind = traitlets.Unicode("").tag(sync=True)
    _id = traitlets.Unicode("").tag(sync=True)
    _version = traitlets.Unicode("").tag(sync=True)
    _language = traitlets.Unicode("").tag(sync=True)
    #: Changes with every answer: marimo then runs the cells again that ask this widget.
    _answered = traitlets.Float(0.0).tag(sync=True)

    def __init__(self, kind: str, language: str | None) -> None:
        if language not in _languages:
            raise InvalidConfig(f"`language` is 'en', 'zh-Hant' or None, the browser's, not {language!r}.", {"field": "language", "value": repr(language)})
        self._page: str | None = None
        self._begun = False
        self._fault: AtelierError | None = None
        self._calls: dict[int, Call] = {}
        self._next = 1
        #: A page may come in a thread beside the cell that asks: a call goes to it once, and after `begin`.
        self._lock = threading.RLock()
        self._pieces: dict[int, list[bytes]] = {}
        self._clock = _wait.Clock()
        #: What marimo's cells wait for, by what they asked.
        self._kept: dict[Any, Call] = {}
        version = json.loads(part("version.json"))
        super().__init__(_kind=kind, _id=uuid.uuid4().hex, _version=f"{version['version']}-{version['digest']}", _language=_languages[language])
        self.on_msg(self._hear)

    # ---- from the page

    def _hear(self, _widget: Any, content: Any, buffers: list[Any]) -> None:
        kind = content.get("type") if isinstance(content, dict) else None
        if kind == "part":
            return self._bring(content)
        if kind == "hello":
            return self._welcome(str(content["page"]))
        # Of several pages that show it the last to come is the one that computes.
        if content.get("page") != self._page:
            return None
        self._clock.hear()
        if kind == "piece":
            return self._pieces.setdefault(int(content["place"]), []).append(bytes(buffers[0]))
        whole = [b"".join(self._pieces.pop(place, [])) or bytes(buffer) for place, buffer in enumerate(buffers)]
        self._take(str(kind), content, whole)
        return None

    def _take(self, kind: str, content: dict[str, Any], buffers: list[bytes]) -> None:
        if kind == "begun":
            self._begun = True
        elif kind == "answer":
            call = self._drop(content["call"])
            if call:
                call.settle(content.get("value"), buffers)
        elif kind == "fault":
            error = error_of(content["code"], content["message"], content.get("details"))
            call = self._drop(content["call"]) if content.get("call") is not None else None
            if call:
                call.settle(error=error)
            elif content.get("call") is None:
                self._fault = error

    def _bring(self, content: dict[str, Any]) -> None:
        place, answer = str(content["place"]), {"type": "part", "ask": content["ask"]}
        if not place.startswith(_places) or ".." in place:
            return self.send({**answer, "missing": f"there is no part {place}"})
        for name, packed in ((place, False), (f"{place}.gz", True)):
            try:
                return self.send({**answer, "packed": packed}, [part(name)])
            except OSError:
                continue
        return self.send({**answer, "missing": f"there is no part {place}"})

    def _welcome(self, page: str) -> None:
        with self._lock:
            # Where a cell waits, it hears that what it asked for is lost; marimo's cells only want their answer.
            if _wait.place() != "marimo":
                for call in [each for each in self._calls.values() if each.sent]:
                    self._calls.pop(call.number).settle(error=Aborted("The page was opened anew while it worked.", {"reason": "page"}))
            if page != self._page:
                self._tell("overtaken")
            self._page, self._begun, self._fault = page, False, None
            self._pieces.clear()
            self._clock.hear()
            content, buffers = self._beginning()
            self.send({**content, "type": "begin", "to": page, "language": self._language}, buffers)
            for call in self._calls.values():
                self._send_call(call)

    def _beginning(self) -> tuple[dict[str, Any], list[bytes]]:
        """What a page is told when it comes."""
        raise NotImplementedError

    # ---- to the page

    def _tell(self, kind: str, content: dict[str, Any] | None = None) -> None:
        if self._page is not None:
            self.send({**(content or {}), "type": kind, "to": self._page})

    def _send_call(self, call: Call) -> None:
        call.sent = True
        self.send({"type": "call", "to": self._page, "call": call.number, "name": call.name, "args": call.args}, call.buffers)

    def _post(self, name: str, args: dict[str, Any], buffers: Iterable[bytes] = ()) -> Call:
        with self._lock:
            call = Call(self._next, name, args, list(buffers))
            self._next += 1
            self._calls[call.number] = call
            if self._page is not None:
                self._send_call(call)
        return call

    def _drop(self, number: int) -> Call | None:
        with self._lock:
            return self._calls.pop(number, None)

    def _ask(self, name: str, args: dict[str, Any] | None = None, buffers: Iterable[bytes] = (), key: Any = None) -> Call:
        """Asks and waits. ``key``: what is asked, for marimo, where a cell runs again until its answer is there."""
        if self._fault:
            raise self._fault
        if _wait.place() == "marimo":
            return self._ask_marimo(name, args or {}, buffers, key)
        if _wait.place() == "none" and self._page is None:
            _wait.wait_until(lambda: False)
        call = self._post(name, args or {}, buffers)
        self._wait_for(call)
        return call

    def _wait_for(self, call: Call) -> None:
        since = time.monotonic()

        def done() -> bool:
            if call.done or self._fault:
                return True
            silent = self._clock.silent(since)
            return silent > (_wait.PAGE_S if self._page is None else _wait.SILENCE_S)

        try:
            _wait.wait_until(done)
        except BaseException:
            self._drop(call.number)
            self._tell("abort", {"call": call.number})
            raise
        self._drop(call.number)
        if call.error or self._fault:
            raise call.error or self._fault  # type: ignore[misc]
        if not call.done:
            raise self._nobody()

    def _nobody(self) -> AtelierError:
        if self._page is None:
            return NoPage(
                f"No page has shown this widget within {_wait.PAGE_S:.0f} seconds, so nothing computes. Show it first: make it the last "
                "line of a cell, run that cell, and call this in the next one. Where that was done, this notebook's page does not answer "
                "while a cell runs: update ipykernel (7.4 or newer).",
                {"reason": "no_page"},
            )
        return DeviceLost(f"The page that computed has said nothing for {_wait.SILENCE_S:.0f} seconds: it was closed, or it sleeps.", {"reason": "page"})

    def _ask_marimo(self, name: str, args: dict[str, Any], buffers: Iterable[bytes], key: Any) -> Call:
        import marimo

        call = self._kept.get(key)
        if call is None:
            call = self._kept[key] = self._post(name, args, buffers)
        if not call.done:
            marimo.stop(True, marimo.md("GAN Atelier is at work; this cell runs again by itself."))
        if call.error:
            # Run again, the cell asks again.
            del self._kept[key]
            raise call.error
        call.given = call.given or time.monotonic()
        return call

    def _forget(self, key: Any, stale: Callable[[Call], bool]) -> None:
        """Asked for ``key`` once more, marimo's cell shall not get an answer that is stale. What went wrong is still to be raised."""
        call = self._kept.get(key)
        if call and call.done and not call.error and stale(call):
            del self._kept[key]

    def close(self) -> None:
        """Ends what the page does for this widget and gives its memory back."""
        # One that was refused is closed before it is anything.
        for call in list(getattr(self, "_calls", {}).values()):
            self._drop(call.number)
            call.settle(error=Aborted("The widget was closed.", {"reason": "closed"}))
        super().close()
