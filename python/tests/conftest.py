"""A page that is none: what the widget says is kept, and what a page would say is said to it."""

from __future__ import annotations

from typing import Any

import comm
import numpy as np
import pytest

from gan_atelier import _wait


class Wire(comm.base_comm.BaseComm):
    def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any) -> None:
        sent.append((msg_type, data or {}, [bytes(each) for each in buffers or []]))


sent: list[tuple[str, dict[str, Any], list[bytes]]] = []


class Page:
    """Answers calls as the page does, one message after another."""

    def __init__(self, widget: Any, name: str = "p1") -> None:
        self.widget, self.name = widget, name
        self.step = 0
        self.answers: dict[str, Any] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def say(self, type_: str, content: dict[str, Any] | None = None, buffers: list[bytes] | None = None) -> None:
        message = {"method": "custom", "content": {**(content or {}), "type": type_, "page": self.name}}
        self.widget.comm.handle_msg({"content": {"data": message}, "buffers": [memoryview(each) for each in buffers or []]})

    def begin(self, dataset: dict[str, Any] | None = None, step: int = 0) -> None:
        self.say("hello")
        self.step = step
        config = {"family": "gan", "dataset": "ring", "seed": 7, "loss": "non_saturating"}
        self.say("begun", {"config": config, "dataset": dataset or {"id": "ring", "kind": "points", "shape": [2]}, "step": step})

    def report(self, n: int, metrics: dict[str, Any] | None = None) -> None:
        self.step += n
        d = np.arange(self.step - n, self.step, dtype=np.float32)
        self.say("report", {"step": self.step, "metrics": metrics or {"modes": 3, "contest": {"state": "balanced"}}}, [d.tobytes(), (-d).tobytes()])

    def rest(self, count: int = 64) -> None:
        data = np.zeros((count, 2), np.float32)
        sample = {"kind": "points", "shape": [count, 2], "step": self.step, "count": count, "seed": 1, "label": None}
        self.say("rested", {"step": self.step, "sample": sample}, [data.tobytes(), b"saved at %d" % self.step])

    def serve(self) -> None:
        """What came since the last time."""
        mine = [each for each in sent if each[1].get("content", {}).get("to") == self.name]
        sent[:] = [each for each in sent if each not in mine]
        for _, data, buffers in mine:
            content = data["content"]
            if content["type"] != "call":
                continue
            self.calls.append((content["name"], content["args"]))
            number, name = content["call"], content["name"]
            wanted = self.answers.get(name)
            if isinstance(wanted, Exception):
                self.say("fault", {"call": number, "code": wanted.args[0], "message": wanted.args[1], "details": {"step": 3}})
                continue
            if name == "until":
                self.report(content["args"]["step"] - self.step)
                self.rest()
            value, out = wanted(content["args"], buffers) if wanted else (None, [])
            self.say("answer", {"call": number, "value": value}, out)


@pytest.fixture(autouse=True)
def wires(monkeypatch: pytest.MonkeyPatch) -> None:
    sent.clear()
    monkeypatch.setattr(comm, "create_comm", Wire)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch):
    """Makes a page for a widget; a cell that waits lets it speak."""
    pages: list[Page] = []

    def wait(done: Any) -> None:
        for _ in range(20):
            if done():
                return
            for each in pages:
                each.serve()
        raise AssertionError("the page has nothing more to say")

    monkeypatch.setattr(_wait, "place", lambda: "jupyter")
    monkeypatch.setattr(_wait, "wait_until", wait)

    def make(widget: Any, name: str = "p1") -> Page:
        made = Page(widget, name)
        pages.append(made)
        return made

    return make


def sampled(there, also=lambda: None):
    """Samples that tell their step, and what the page says right behind them."""

    def answer(args, buffers):
        n = args["count"]
        return {"kind": "points", "shape": [n, 2], "step": there.step, "count": n, "seed": args["seed"], "label": None}, [np.full((n, 2), there.step, np.float32).tobytes()]

    say = there.say

    def then(type_, content=None, buffers=None):
        say(type_, content, buffers)
        if type_ == "answer":
            also()

    there.answers["sample"], there.say = answer, then
