import asyncio
import json
import types

from gan_atelier._pump import Pump


class Frame:
    def __init__(self, content):
        self.bytes = content


class Session:
    def feed_identities(self, frames, copy):
        return [], frames

    def unpack(self, content):
        return json.loads(content)

    def deserialize(self, parts, content, copy):
        return json.loads(parts[1].bytes)


class Stream:
    """As ZMQStream, as far as it is used."""

    def __init__(self, usual):
        self._recv_callback, self.waiting = usual, []

    def on_recv(self, callback, copy=True):
        self._recv_callback = callback

    def flush(self):
        while self.waiting:
            self._recv_callback(self.waiting.pop(0))


def frames(kind, number):
    return [Frame(b""), Frame(json.dumps({"msg_type": kind, "number": number}).encode())]


def test_cells_that_wait_are_kept_in_their_order_also_where_a_listener_asks_the_page_itself():
    ran, heard = [], []

    async def usual(each):
        ran.append(json.loads(each[1].bytes)["number"])

    stream = Stream(usual)

    def comm_msg(_stream, _idents, message):
        heard.append(message["number"])
        if message["number"] == 0:
            with Pump(kernel) as inner:
                inner.take()

    kernel = types.SimpleNamespace(session=Session(), shell_stream=stream, shell_handlers={"comm_msg": comm_msg})

    async def cell():
        with Pump(kernel) as pump:
            stream.waiting += [frames("execute_request", 1), frames("comm_msg", 0), frames("execute_request", 2), frames("comm_msg", 5), frames("execute_request", 3)]
            pump.take()
        assert stream._recv_callback is usual
        await asyncio.sleep(0)

    asyncio.run(cell())
    assert (heard, ran) == ([0, 5], [1, 2, 3])
