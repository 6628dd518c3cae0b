"""A training as the queue runs it: to a step, reported, saved every few minutes and when it is told to end."""

import json
import os
import signal
import time

import torch


def options(p):
    """Options that every such training has."""
    p.add_argument("--checkpoint-minutes", type=float, default=4.0)
    p.add_argument("--threads", type=int, default=1, help="of the processor; sums round differently with another number")
    p.add_argument("--precision", choices=("float32", "bfloat16"), help="of convolutions; bfloat16 where the processor has instructions for it")


def precision(o):
    """In which convolutions are computed; weights, norms and losses stay float32 (mixed precision; Micikevicius et al. 2018)."""
    # torch has no public name for what oneDNN asks.
    mixed = o.precision == "bfloat16" or o.precision is None and torch.cpu.get_capabilities().get("avx512_bf16", False)
    return torch.autocast("cpu", torch.bfloat16, enabled=mixed)


class Resumable:
    """A training that goes on from its checkpoint, to the step. It has `o`, `steps`, `seconds`, `random` (NumPy's) and parts()."""

    def parts(self):
        """All that learns and the optimizers, by the name that each has in a checkpoint."""
        raise NotImplementedError

    def save(self, path):
        state = {name: part.state_dict() for name, part in self.parts().items()}
        state |= {"steps": self.steps, "seconds": self.seconds, "options": vars(self.o), "random": self.random.bit_generator.state}
        torch.save(state | self.besides(), f"{path}.part")
        os.replace(f"{path}.part", path)

    def load(self, path):
        """Goes on from a checkpoint; from what keep.py kept of one, with what it has not as new. Returns all that the file holds."""
        state = torch.load(path, weights_only=False)
        for name, part in self.parts().items():
            if name in state:
                self.restore(name, part, state[name])
        self.steps, self.seconds = state["steps"], state["seconds"]
        if "random" in state:
            self.random.bit_generator.state = state["random"]
        return state

    def besides(self):
        """What a checkpoint holds that is no part."""
        return {}

    def restore(self, name, part, state):
        part.load_state_dict(state)


def run(model, o, out, step, write_sheet, report_every):
    """Calls `step()`, which gives losses by name, until model.steps is o.steps; the model has `steps`, `seconds` and `save(path)`."""
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    means, earlier, saved = {}, model.seconds - time.process_time(), time.monotonic()

    def report():
        line = {"step": model.steps, "core_minutes": round(model.seconds / 60, 2)} | {name: round(mean, 4) for name, mean in means.items()}
        with open(out / "log.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")

    def keep():
        model.save(out / "checkpoint.pt")
        write_sheet(out / "sheet.jpg")

    while model.steps < o.steps and not stopping:
        losses = step()
        model.seconds = earlier + time.process_time()
        for name, loss in losses.items():
            means[name] = 0.98 * means.get(name, loss) + 0.02 * loss
        if model.steps % report_every == 0:
            report()
        if time.monotonic() - saved > 60 * o.checkpoint_minutes:
            saved = time.monotonic()
            keep()
    keep()
    report()
