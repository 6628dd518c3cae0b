import sys
import types

import pytest

from gan_atelier import Trainer, _wait, errors
from conftest import sampled


@pytest.fixture
def marimo(monkeypatch):
    """A cell of marimo: given up until its answer is there, and run again then."""

    class Stop(Exception):
        pass

    def stop(*_):
        raise Stop

    monkeypatch.setitem(sys.modules, "marimo", types.SimpleNamespace(stop=stop, md=str, running_in_notebook=lambda: True))

    def run(cell, between, most=12):
        for _ in range(most):
            try:
                return cell()
            except Stop:
                between()
        raise AssertionError(f"not answered in {most} runs")

    run.stop = Stop
    run.enter = lambda: monkeypatch.setattr(_wait, "place", lambda: "marimo")
    return run


def test_in_marimo_a_cell_is_given_up_until_its_answer_is_there(page, monkeypatch):
    class Stop(Exception):
        pass

    def stop(*_):
        raise Stop

    monkeypatch.setitem(sys.modules, "marimo", types.SimpleNamespace(stop=stop, md=str, running_in_notebook=lambda: True))
    trainer = Trainer()
    there = page(trainer)
    monkeypatch.setattr(_wait, "place", lambda: "marimo")
    with pytest.raises(errors.Unsupported, match="until"):
        trainer.step(1)
    for _ in range(3):
        with pytest.raises(Stop):
            trainer.until(7)
    there.begin()
    there.serve()
    assert [args for name, args in there.calls if name == "until"] == [{"step": 7}], "asked once, however often the cell runs"
    assert trainer.until(7) == 7
    there.answers["save"] = Exception("Internal", "no")
    with pytest.raises(Stop):
        trainer.save()
    there.serve()
    with pytest.raises(errors.Internal):
        trainer.save()


def test_in_marimo_samples_come_while_it_plays(page, marimo, monkeypatch):
    trainer = Trainer()
    there = page(trainer)
    marimo.enter()
    there.begin()
    there.report(3)
    sampled(there)

    def played():
        there.serve()
        there.report(1)

    def cell():
        return [int(trainer.samples(count)[0, 0]) for count in (10, 20, 30)]

    assert marimo(cell, played) == [3, 4, 5]
    assert len(there.calls) == 3, "each was asked for once"
    trainer.samples(20), trainer.samples(10)
    assert len(there.calls) == 3, "another cell that runs again, because an answer came, asks nothing"
    there.rest()
    assert marimo(cell, there.serve) == [6, 6, 6], "it has rested since"
    monkeypatch.setattr("gan_atelier.trainer._fresh_s", 0)
    there.report(3)
    assert marimo(lambda: int(trainer.samples(10)[0, 0]), there.serve) == 9, "nor is an old answer given out for ever"


def test_in_marimo_a_training_that_stands_is_asked_once(page, marimo):
    trainer = Trainer()
    there = page(trainer)
    marimo.enter()
    there.begin()
    sampled(there)
    there.answers["save"] = lambda args, buffers: (None, [b"at %d" % there.step])
    assert marimo(lambda: (trainer.until(7), len(trainer.samples(100)), trainer.save()), there.serve) == (7, 100, b"at 7")
    before = len(there.calls)
    assert trainer.until(7) == 7 and len(trainer.samples(100)) == 100 and trainer.save() == b"at 7"
    assert len(there.calls) == before
    assert marimo(lambda: (trainer.until(9), trainer.save()), there.serve) == (9, b"at 9")
    there.begin(step=9)
    there.answers["save"] = lambda args, buffers: (None, [b"another one at 9"])
    assert marimo(trainer.save, there.serve) == b"another one at 9"


def test_in_marimo_until_trains_again_after_a_reset(page, marimo):
    trainer = Trainer()
    there = page(trainer)
    marimo.enter()
    there.begin()
    assert marimo(lambda: trainer.until(50), there.serve) == 50
    there.begin()
    there.rest()
    assert marimo(lambda: trainer.until(50), there.serve) == 50
    # Without another beginning: a lost worker's training may stand at less.
    there.step = 20
    there.rest()
    assert marimo(lambda: trainer.until(50), there.serve) == 50
    assert [args for name, args in there.calls if name == "until"] == [{"step": 50}] * 3
    with pytest.raises(errors.Unsupported, match="reset") as caught:
        trainer.reset()
    assert caught.value.details == {"reason": "marimo"}


def test_in_marimo_what_went_wrong_is_raised_before_it_is_asked_again(page, marimo):
    trainer = Trainer()
    there = page(trainer)
    marimo.enter()
    there.begin()
    there.answers["until"] = Exception("Diverged", "training diverged at step 3")
    with pytest.raises(errors.Diverged):
        marimo(lambda: trainer.until(50), there.serve)
    assert len(there.calls) == 1
