"""What of a run's checkpoint cannot be made again cheaply, at half precision and in gzip: some megabytes that can be committed."""

import gzip
import shutil

import torch

KEPT = ("ab", "ba", "average_ab", "average_ba", "patch.d_a", "patch.d_b", "projected.heads_a", "projected.heads_b", "projected.mixing")


def half(value):
    return value.half().contiguous() if torch.is_tensor(value) and value.is_floating_point() else value


def write(folder, place):
    """Writes PLACE.pt.gz and PLACE.jsonl (the log) from a run's folder; the bytes of both."""
    state = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=False)
    # The mixing's convolutions follow from the seed; only its measured sizes do not.
    kept = {name: {key: half(value) for key, value in state[name].items() if name != "projected.mixing" or key == "deviations"}
            for name in KEPT if name in state}
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
    single = lambda value: value.float() if torch.is_tensor(value) and value.dtype == torch.half else value
    return {name: {key: single(value) for key, value in part.items()} if name in KEPT else part for name, part in state.items()}
