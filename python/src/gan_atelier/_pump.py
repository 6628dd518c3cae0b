"""Messages of widgets for a cell that is still running, in ipykernel 7."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

_comms = ("comm_open", "comm_msg", "comm_close")


def _stream_of(kernel: Any) -> Any:
    """The stream from which the main thread gets its messages, or None where this ipykernel keeps it elsewhere."""
    thread = getattr(kernel, "shell_channel_thread", None)
    if thread is None:
        return getattr(kernel, "shell_stream", None)
    pair = getattr(getattr(thread, "manager", None), "_shell_channel_to_main", None)
    return getattr(pair, "to_stream", None)


class Pump:
    """Takes what widgets say while the main thread is in a cell, and keeps everything else, cells that wait above all, in its order.

    Without a stream to take from it does nothing: messages then come by a subshell, or not at all.
    """

    def __init__(self, kernel: Any) -> None:
        self.kernel = kernel
        self.kept: list[Any] = []
        self.stream: Any = None
        self.usual: Any = None

    def __enter__(self) -> "Pump":
        stream = _stream_of(self.kernel)
        usual = getattr(stream, "_recv_callback", None)
        if usual is not None and threading.current_thread() is threading.main_thread():
            self.stream, self.usual = stream, usual
            stream.on_recv(self._sort, copy=False)
        return self

    def take(self) -> None:
        """What has come since."""
        if self.stream is not None:
            self.stream.flush()

    def _sort(self, frames: list[Any]) -> None:
        session = self.kernel.session
        try:
            idents, parts = session.feed_identities(frames, copy=False)
            # Signature, header, …: what is kept must not be checked twice.
            kind = session.unpack(parts[1].bytes).get("msg_type")
        except Exception:
            kind = None
        if kind not in _comms:
            self.kept.append(frames)
            return
        message = session.deserialize(parts, content=True, copy=False)
        # Under the running cell's name, so that what it prints stays its own.
        self.kernel.shell_handlers[kind](self.stream, idents, message)

    def __exit__(self, *_: Any) -> None:
        if self.stream is None:
            return
        self.stream.on_recv(self.usual, copy=False)
        for frames in self.kept:
            # Within another cell that waits, the usual one is its pump, which keeps them at once.
            later = self.usual(frames)
            if later is not None:
                asyncio.ensure_future(later)
        self.kept = []
