import gzip
import json
import sys
import threading

import numpy as np
import pytest

from gan_atelier import Trainer, _wait, errors
from conftest import sent


def contents(kind):
    return [data["content"] for _, data, _ in sent if data.get("content", {}).get("type") == kind]


def test_it_steps_and_keeps_what_the_page_reports(page):
    trainer = Trainer()
    there = page(trainer)
    there.begin()
    assert trainer.step(5) == 5 and trainer.step(3) == 8
    assert [args for name, args in there.calls if name == "until"] == [{"step": 5}, {"step": 8}]
    assert trainer.losses.shape == (8, 2) and trainer.losses[7].tolist() == [7, -7]
    assert trainer.metrics == {"modes": 3.0} and trainer.contest == "balanced"
    assert trainer.settings["loss"] == "non_saturating"
    before = len(there.calls)
    assert trainer.until(8) == 8 and trainer.samples(64).shape == (64, 2)
    assert len(there.calls) == before, "the last rest brought them along"
    assert np.isnan(Trainer().losses).size == 0


def test_calls_before_the_page_has_come_are_sent_when_it_comes(page):
    trainer = Trainer()
    there = page(trainer)
    call = trainer._post("save", {})
    assert not contents("call")
    there.begin()
    assert contents("call")[0]["name"] == "save"
    there.answers["save"] = lambda args, buffers: (None, [b"all of it"])
    there.serve()
    assert call.answer == [b"all of it"]


def test_a_half_step_leaves_a_gap(page):
    trainer = Trainer()
    there = page(trainer)
    there.begin()
    there.say("report", {"step": 1, "metrics": {"modes": None}}, [np.float32([1]).tobytes(), np.float32([np.nan]).tobytes()])
    assert np.isnan(trainer.losses[0, 1]) and np.isnan(trainer.metrics["modes"])
    assert contents("seen"), "the page may send the next one"


def test_reports_that_come_beside_a_cell_are_all_kept(page):
    trainer = Trainer()
    there = page(trainer)
    there.begin()
    one, count = np.zeros(1, np.float32).tobytes(), 3000
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        shell = threading.Thread(target=lambda: [there.say("report", {"step": step, "metrics": {}}, [one, one]) for step in range(1, count + 1)])
        shell.start()
        while shell.is_alive():
            step = trainer._step
            assert len(trainer.losses) >= step, "whoever sees a step finds its losses"
        shell.join()
    finally:
        sys.setswitchinterval(usual)
    assert len(trainer.losses) == count


def test_samples_come_in_the_units_of_the_data(page):
    trainer = Trainer(data=np.stack([np.linspace(10, 20, 50), np.linspace(0, 1, 50)], axis=1))
    there = page(trainer)
    scale = trainer._own.scale
    there.begin({"id": "drawn", "kind": "points", "shape": [2], "scale": scale})
    there.answers["sample"] = lambda args, buffers: (
        {"kind": "points", "shape": [args["count"], 2], "step": 0, "count": args["count"], "seed": args["seed"], "label": None},
        [np.zeros((args["count"], 2), np.float32).tobytes()],
    )
    assert np.allclose(trainer.samples(3, seed=2), [[15, 0.5]] * 3)


def test_pictures_are_grey_or_coloured_as_they_were(page):
    for name, shape, wanted in [("grey", [8, 8], (2, 8, 8)), ("colour", [8, 8, 3], (2, 8, 8, 3))]:
        trainer = Trainer(family="dcgan")
        there = page(trainer, name)
        there.begin({"id": "digits", "kind": "images", "shape": shape, "classes": ["cat", "dog"]})
        there.answers["sample"] = lambda args, buffers: (
            {"kind": "images", "shape": [2, 8, 8, 4], "step": 0, "count": 2, "seed": 1, "label": args["label"], "labels": [1, 1]},
            [np.full((2, 8, 8, 4), 9, np.uint8).tobytes()],
        )
        made, labels = trainer.samples(2, label="dog", return_labels=True)
        assert made.shape == wanted and made.dtype == np.uint8 and labels.tolist() == [1, 1]
        with pytest.raises(errors.InvalidConfig, match="there are cat, dog"):
            trainer.samples(2, label="bird")


def test_what_the_page_reports_as_wrong_is_raised(page):
    trainer = Trainer()
    there = page(trainer)
    there.begin()
    there.answers["until"] = Exception("Diverged", "training diverged at step 3")
    with pytest.raises(errors.Diverged, match="step 3") as caught:
        trainer.step(9)
    assert caught.value.details == {"step": 3}
    there.say("fault", {"call": None, "code": "InvalidSession", "message": "no session"})
    with pytest.raises(errors.InvalidSession):
        trainer.step(1)


def test_pieces_of_a_large_buffer_are_put_together(page):
    trainer = Trainer()
    there = page(trainer)
    there.begin()

    def save(args, buffers):
        there.say("piece", {"place": 0}, [b"one "])
        there.say("piece", {"place": 0}, [b"two"])
        return None, [b""]

    there.answers["save"] = save
    assert trainer.save() == b"one two"


def test_it_saves_to_a_file_and_begins_with_it(page, tmp_path):
    trainer = Trainer()
    there = page(trainer)
    there.begin()
    there.answers["save"] = lambda args, buffers: (None, [b"a training"])
    assert trainer.save(tmp_path / "ring.gan") == (tmp_path / "ring.gan").read_bytes() == b"a training"
    again = Trainer.load(tmp_path / "ring.gan")
    sent.clear()
    other = page(again, "p2")
    other.begin(step=200)
    content, buffers = next((data["content"], buffers) for _, data, buffers in sent if data.get("content", {}).get("type") == "begin")
    assert content["saved"] and buffers == [b"a training"]
    assert again.step(1) == 201
    with pytest.raises(errors.InvalidSession, match="no file"):
        Trainer.load(tmp_path / "none.gan")
    with pytest.raises(errors.InvalidSession, match="not empty"):
        Trainer.load(b"")


def test_a_page_that_is_opened_again_goes_on_from_the_last_rest(page):
    trainer = Trainer()
    first = page(trainer)
    first.begin()
    trainer.step(6)
    first.report(2)
    sent.clear()
    second = page(trainer, "p2")
    second.say("hello")
    content, buffers = next((data["content"], buffers) for _, data, buffers in sent if data.get("content", {}).get("type") == "begin")
    assert content["to"] == "p2" and buffers == [b"saved at 6"]
    second.begin(step=6)
    assert trainer.losses.shape == (6, 2), "two steps were lost with the page"
    first.report(5)
    assert trainer.losses.shape == (6, 2), "the page of before is not heard any more"


def test_a_lost_page_ends_what_waits_for_it(page):
    trainer = Trainer()
    first = page(trainer)
    first.begin()
    call = trainer._post("until", {"step": 50})
    page(trainer, "p2").say("hello")
    assert isinstance(call.error, errors.Aborted)


def test_the_page_gets_parts_and_nothing_else(page):
    trainer = Trainer()
    there = page(trainer)
    for place in ["atelier.js", "engine.wasm", "models/models.json", "models/monet-ab.safetensors"]:
        sent.clear()
        there.say("part", {"ask": 1, "place": place})
        [(_, data, [part])] = sent
        whole = gzip.decompress(part) if data["content"]["packed"] else part
        assert len(whole) > 1000 and data["content"]["ask"] == 1
    assert {card["id"] for card in json.loads(trainer_part("models/models.json"))} >= {"monet"}
    for place in ["../errors.py", "models/../../errors.py", "schema.json", "models/faces.safetensors"]:
        sent.clear()
        there.say("part", {"ask": 2, "place": place})
        [(_, data, buffers)] = sent
        assert "there is no part" in data["content"]["missing"] and not buffers


def trainer_part(place):
    from gan_atelier._schema import part

    return part(place)


def test_without_a_notebook_it_says_so():
    with pytest.raises(errors.NoPage, match="was not started by a notebook") as caught:
        Trainer().step(1)
    assert (caught.value.code, caught.value.details) == ("Unsupported", {"reason": "no_notebook"})


def test_a_widget_that_nothing_shows_says_so(monkeypatch):
    monkeypatch.setattr(_wait, "place", lambda: "jupyter")
    monkeypatch.setattr(_wait, "PAGE_S", 0.01)

    def wait(done):
        import time

        while not done():
            time.sleep(0.005)

    monkeypatch.setattr(_wait, "wait_until", wait)
    with pytest.raises(errors.NoPage, match="Show it first"):
        Trainer().step(1)


def test_an_interrupt_stops_the_page(page, monkeypatch):
    trainer = Trainer()
    there = page(trainer)
    there.begin()

    def interrupted(done):
        raise KeyboardInterrupt

    monkeypatch.setattr(_wait, "wait_until", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trainer.until(5)
    assert contents("abort")


def test_after_a_lost_worker_losses_stand_once(page):
    for base in (0, 200):
        trainer = Trainer()
        there = page(trainer, f"p{base}")
        there.begin(step=base)
        there.report(100)
        there.step = base + 60
        there.report(50)
        assert trainer._step == base + 110 and len(trainer.losses) == 110
        assert trainer.losses[:, 0].tolist() == list(range(base, base + 110))
        there.step = base + 70
        there.rest()
        assert (trainer._step, len(trainer.losses)) == (base + 70, 70), "a rest tells it as well"
        there.step = base + 80
        there.report(5)
        assert len(trainer.losses) == 85 and np.isnan(trainer.losses[70:80]).all(), "of steps that nobody saw there are none"
        there.begin(step=base + 75)
        assert len(trainer.losses) == 75


def test_a_page_that_another_one_overtakes_is_told(page):
    trainer = Trainer()
    page(trainer, "p1").begin()
    sent.clear()
    page(trainer, "p1").begin()
    assert not contents("overtaken"), "the same page, shown anew"
    page(trainer, "p2").begin()
    assert [content["to"] for content in contents("overtaken")] == ["p1"]
