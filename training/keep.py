"""What of a run's checkpoint cannot be made again cheaply, at half precision and in gzip: some megabytes that can be committed.

Live generators are left out where there are averaged ones, which are as good to go on from; and what has shipped at the same step is read from there.
"""

import gzip
import pathlib
import shutil

import torch
from safetensors import safe_open
from safetensors.torch import load_file

KEPT = ("ab", "ba", "average_ab", "average_ba", "patch.d_a", "patch.d_b", "projected.heads_a", "projected.heads_b", "projected.mixing", "network")
AVERAGED = {"ab": "average_ab", "ba": "average_ba"}
SHIPPED = {"average_ab": "ab", "average_ba": "ba", "patch.d_a": "d-a", "patch.d_b": "d-b"}
MODELS = pathlib.Path(__file__).parent.parent / "www/public/models"


def half(value):
    return value.half().contiguous() if torch.is_tensor(value) and value.is_floating_point() else value


def shipped(run, part, steps):
    """The file that a part of a run has shipped in at that step, or None."""
    path = MODELS / f"{run}-{SHIPPED.get(part)}.safetensors"
    if not path.exists():
        return None
    with safe_open(path, "pt") as file:
        return path if (file.metadata() or {}).get("steps") == str(steps) else None


def write(folder, place):
    """Writes PLACE.pt.gz and PLACE.jsonl (the log) from a run's folder; the bytes of both."""
    state = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=False)
    left_out = {part for part in KEPT if AVERAGED.get(part) in state or shipped(place.name, part, state["steps"])}
    # The mixing's convolutions follow from the seed; only its measured sizes do not.
    kept = {name: {key: half(value) for key, value in state[name].items() if name != "projected.mixing" or key == "deviations"}
            for name in KEPT if name in state and name not in left_out}
    # Where the data lay is no part of a training.
    options = {key: value for key, value in state["options"].items() if key not in ("data", "more_a", "out", "teacher")}
    kept |= {"steps": state["steps"], "seconds": state["seconds"], "options": options}
    files = [place.with_name(f"{place.name}.{ending}") for ending in ("pt.gz", "jsonl")]
    with gzip.open(files[0], "wb") as file:
        torch.save(kept, file)
    shutil.copyfile(folder / "log.jsonl", files[1])
    return sum(file.stat().st_size for file in files)


def read(place):
    """What was kept at PLACE, as `CycleGan.load` takes it."""
    with gzip.open(place.with_name(f"{place.name}.pt.gz")) as file:
        state = torch.load(file, weights_only=True)
    for part in SHIPPED:
        if part not in state and (path := shipped(place.name, part, state["steps"])):
            state[part] = load_file(path)
    for live, average in AVERAGED.items():
        if live not in state and average in state:
            state[live] = state[average]
    single = lambda value: value.float() if torch.is_tensor(value) and value.dtype == torch.half else value
    return {name: {key: single(value) for key, value in part.items()} if name in KEPT else part for name, part in state.items()}
