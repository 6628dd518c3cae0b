"""What of a run's checkpoint cannot be made again cheaply, at half precision: a few megabytes that can be committed."""

import shutil

import torch

KEPT = ("ab", "ba", "average_ab", "average_ba", "patch.d_a", "patch.d_b", "projected.heads_a", "projected.heads_b", "projected.mixing")


def half(value):
    return value.half().contiguous() if torch.is_tensor(value) and value.is_floating_point() else value


def write(folder, place):
    """Writes PLACE.pt and PLACE.jsonl (the log) from a run's folder; the bytes of both."""
    state = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=False)
    # The mixing's convolutions follow from the seed; only its measured sizes do not.
    kept = {name: {key: half(value) for key, value in state[name].items() if name != "projected.mixing" or key == "deviations"}
            for name in KEPT if name in state}
    kept |= {"steps": state["steps"], "seconds": state["seconds"], "options": state["options"]}
    files = [place.with_name(f"{place.name}.{ending}") for ending in ("pt", "jsonl")]
    torch.save(kept, files[0])
    shutil.copyfile(folder / "log.jsonl", files[1])
    return sum(file.stat().st_size for file in files)


def widen(state):
    """The kept state as `CycleGan.load` takes it."""
    single = lambda value: value.float() if torch.is_tensor(value) and value.dtype == torch.half else value
    return {name: {key: single(value) for key, value in part.items()} if name in KEPT else part for name, part in state.items()}
