import threading

from gan_atelier import Trainer
from conftest import sampled


def test_samples_are_those_that_were_asked_for_whatever_comes_behind_them(page):
    trainer = Trainer()
    there = page(trainer)
    there.begin()
    there.report(3)
    sampled(there, lambda: there.report(1))
    assert trainer.samples(10, seed=5).tolist() == [[3, 3]] * 10
    sampled(there, lambda: there.rest())
    assert trainer.samples(20, seed=5).tolist() == [[4, 4]] * 20


def calls_beside(trainer, there, kind, names):
    """What is sent when a cell asks just as the page is told ``kind``."""
    order, send, cells = [], trainer.send, []

    def sends(content, buffers=None):
        if content["type"] == kind and not cells:
            cells.append(threading.Thread(target=lambda: [trainer._post(name, {}) for name in names]))
            cells[0].start()
            cells[0].join(0.2)
        order.append((content["type"], content.get("name")))
        return send(content, buffers)

    trainer.send = sends
    trainer._hear(trainer, {"type": "hello", "page": there.name}, [])
    cells[0].join()
    return order


def test_a_call_beside_a_page_that_comes_goes_out_once_and_after_its_beginning(page):
    trainer = Trainer()
    assert calls_beside(trainer, page(trainer), "begin", ["save"]) == [("begin", None), ("call", "save")]
    trainer = Trainer()
    trainer._post("pause", {})
    assert calls_beside(trainer, page(trainer), "call", ["play", "save"]) == [("begin", None), ("call", "pause"), ("call", "play"), ("call", "save")]
