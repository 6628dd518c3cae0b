"""How a cell waits for its page.

A notebook's kernel runs one thing at a time: while a cell runs, what the page has to say waits in a queue. So a call that needs an answer
must take the widgets' messages itself, and each kernel has a queue of its own:

- ipykernel 7: the main shell's stream, ``_pump.Pump``. Where the notebook sends widgets' messages to a thread beside the cell (JupyterLab
  4.4 and newer, to a subshell), they come without that.
- ipykernel before 7: jupyter_ui_poll takes them from the queue and holds back the cells that wait there.
- marimo has no way to wait. There a cell is given up (``mo.stop``) and run again by marimo when the answer has come: see
  ``_widget.Widget._ask_marimo``.
"""

from __future__ import annotations

import sys
import time
from typing import Callable, Literal

from ._pump import Pump
from .errors import NoPage

#: A page says every two seconds that it is there; a browser holds back the timers of a hidden tab, to one a minute.
SILENCE_S = 150.0
#: A page that shows the widget has answered by then, also over a slow line.
PAGE_S = 60.0
_POLL_S = 0.01

Place = Literal["jupyter", "marimo", "none"]


def place() -> Place:
    """What runs this code."""
    marimo = sys.modules.get("marimo")
    if marimo is not None and marimo.running_in_notebook():
        return "marimo"
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return "jupyter" if getattr(shell, "kernel", None) is not None else "none"


def _kernel_major() -> int:
    ipykernel = sys.modules.get("ipykernel")
    return int(ipykernel.version_info[0]) if ipykernel is not None else 0


def _polled(done: Callable[[], bool]) -> None:
    from jupyter_ui_poll import run_ui_poll_loop

    run_ui_poll_loop(lambda: True if done() else None, sleep=_POLL_S, n=4)


def wait_until(done: Callable[[], bool]) -> None:
    """Returns once ``done`` does; meanwhile the kernel hears its widgets.

    :raises NoPage: where no kernel of a notebook is around.
    """
    if done():
        return
    if place() != "jupyter":
        raise NoPage(
            "What computes is the page that shows this widget, and this Python has none: it was not started by a notebook. "
            "Run it in JupyterLab, Notebook 7, VS Code, Colab or marimo.",
            {"reason": "no_notebook"},
        )
    if _kernel_major() >= 7:
        with Pump(sys.modules["IPython"].get_ipython().kernel) as pump:
            while not done():
                pump.take()
                time.sleep(_POLL_S)
    else:
        _polled(done)


class Clock:
    """Tells a page that is slow from one that is not there."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.heard = self.began

    def hear(self) -> None:
        self.heard = time.monotonic()

    def silent(self, since: float) -> float:
        """Seconds since the page was heard, or since this began to matter."""
        return time.monotonic() - max(self.heard, since)
