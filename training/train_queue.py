#!/usr/bin/env python3
"""Trains the shipped pairs one after another, for as long as it is let.

    nice -n 19 python3 training/train_queue.py --data FOLDER --runs FOLDER               # until it is stopped; again: goes on
    python3 training/train_queue.py --data FOLDER --runs FOLDER --list                   # core hours of each run, and what is next
    python3 training/train_queue.py --data FOLDER --runs FOLDER --keep training/state    # what cannot be made again cheaply, small enough to commit

FOLDER of data: horse2zebra, monet2photo, vangogh2photo, landscapes; for faces, what faces_pack.py wrote to runs/faces. Each run is `cyclegan.py`, or the script it names, with its stages' options,
resumable to the step; killed at any moment it loses at most the minutes since its last checkpoint. Where a run's folder is gone, it goes on from what was kept.
(Not queue.py: Python has a module of that name, which torch imports.)
"""

import argparse
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
KEEP_LIMIT = 12_000_000  # bytes of all that is kept

# Of a whole training. What a stage says goes over it; `steps` is where the stage ends, counted from the first step of all.
LANDSCAPES = {"swap": True, "more_a": "landscapes/train"}
PAINTERS = {**LANDSCAPES, "narrowest": 1.0, "widest": 1.9, "lambda_cycle": 8, "lambda_patch": 0.5,
            "lambda_content": 0.5, "projected_levels": [1, 1, 1, 0.25]}
EVEN_SKIES = {"lambda_even": 10}
STROKED_SKIES = {"lambda_even": 3}
CALM_SKIES = {"lambda_even": 6, "even_windows": [3, 9]}
CALMER_SKIES = {"lambda_even": 10, "even_windows": [3, 9, 17]}
# Nearly as large as pictures of 256 px are painted, and PatchGANs, whose losses had fallen to 0.05, learn half as fast.
AS_THEY_LIE = {"side": 224, "widest": 1.14, "patch_rate": 5e-5}
LEAVE_ALONE = {"lambda_cycle": 6, "lambda_self": 1, "lambda_even": 10, "patch_rate": 5e-5}


def quick(pair, data, options={}):
    """What a shipped pair does, learned by smaller generators."""
    return {"script": "distill.py", "data": data, "options": {"teacher": HERE.parent / f"www/public/models/{pair}", **options},
            "stages": [{"steps": 14000, "falls_from": 8000, "side": 192}]}


RUNS = {
    "horse2zebra": {
        "data": "horse2zebra", "shipped": True,
        # Nearly whole pictures: a crop without an animal would be asked for one.
        "options": {"lambda_cycle": 5, "lambda_patch": 0.25, "narrowest": 1.7, "widest": 2.0},
        "stages": [
            {"steps": 16000, "falls_from": 16000},
            {"steps": 16900, "falls_from": 16900, "side": 192, "narrowest": 1.15, "widest": 1.33},
            # Stripes are there; from here on what is no animal is left alone.
            {"steps": 23000, "falls_from": 23000, "side": 192, "narrowest": 1.15, "widest": 1.33, **LEAVE_ALONE},
            {"steps": 27000, "falls_from": 23000, "side": 256, "narrowest": 1.0, "widest": 1.0, **LEAVE_ALONE},
        ],
    },
    "monet": {
        "data": "monet2photo", "options": PAINTERS,
        "stages": [
            {"steps": 10000, "falls_from": 10000},
            # A lattice grew in even skies, whose threads are further apart than single pixels.
            {"steps": 12583, "falls_from": 12583, **EVEN_SKIES},
            {"steps": 15016, "falls_from": 15016, **CALM_SKIES},
            {"steps": 16639, "falls_from": 16639, **CALMER_SKIES},
            # As large as the page shows it: at 128 px edges followed the photo too little.
            {"steps": 23072, "falls_from": 22000, "side": 192, "widest": 1.33, "lambda_content": 0.75, **CALMER_SKIES},
            # All of them are called his by now, but edges still followed the photo too little.
            {"steps": 27941, "falls_from": 27941, "side": 192, "widest": 1.33, "lambda_content": 1.0, **CALMER_SKIES},
            # Photos are painted as they lie there; what a photo is made of a painting must let go of its dabs.
            {"steps": 34200, "falls_from": 30000, "lambda_content": 1.2, "lambda_content_back": 0.4, **AS_THEY_LIE, **CALMER_SKIES},
        ],
    },
    "vangogh": {
        # Photographs stay what they are, and one who can paint dabs learns others sooner.
        "data": "vangogh2photo", "begins_from": "monet", "options": PAINTERS,
        "stages": [
            {"steps": 5934, "falls_from": 5934, **EVEN_SKIES},
            {"steps": 8198, "falls_from": 8198, **CALMER_SKIES},
            # His skies are not calm: what calmed Monet's took strokes out of these.
            {"steps": 13994, "falls_from": 13994, "side": 192, "widest": 1.33, **STROKED_SKIES},
            # Edges grew looser, and light patches came into dark trees.
            {"steps": 17092, "falls_from": 17092, "side": 192, "widest": 1.33, "lambda_content": 0.75, **STROKED_SKIES},
            {"steps": 22648, "falls_from": 22648, "lambda_content": 0.9, "lambda_content_back": 0.75, **AS_THEY_LIE, **STROKED_SKIES},
            # All are called his by now, and edges are looser than ever.
            {"steps": 30000, "falls_from": 24000, "lambda_content": 1.3, "lambda_content_back": 0.9, **AS_THEY_LIE, **STROKED_SKIES},
        ],
    },
    # faces_pack.py has written runs/faces before.
    "faces-sharp": {
        "shipped": True,
        "script": "drgan_sharpen.py", "packed": "faces", "options": {"models": HERE.parent / "www/public/models"},
        "stages": [
            {"steps": 5000, "falls_from": 3500, "side": 96},
            # They were turned by other angles than asked for.
            {"steps": 5900, "falls_from": 5100, "side": 96, "lambda_verdicts": [0.03, 2.0, 0.1]},
        ],
    },
    "faces-finder": {
        "shipped": True,
        "script": "finder.py", "options": {"faces": "faces"},
        "stages": [{"steps": 12000}],
    },
    "faces-recogniser": {
        "script": "faces_recogniser.py", "packed": "faces", "options": {},
        "stages": [{"steps": 12000, "falls_from": 4000, "side": 96}],
    },
    "faces-drgan": {
        "script": "drgan_joint.py", "packed": "faces", "options": {"recogniser": "faces-recogniser/checkpoint.pt"},
        "stages": [{"steps": 40000, "falls_from": 25000, "side": 96}],
    },
    # For the live camera.
    "horse2zebra-quick": {"shipped": True, **quick("horse2zebra", "horse2zebra")},
    "monet-quick": quick("monet", "monet2photo", LANDSCAPES),
    "vangogh-quick": quick("vangogh", "vangogh2photo", LANDSCAPES),
}


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--runs", type=pathlib.Path, required=True, help="folder of the runs, outside the repository")
    p.add_argument("--teachers", type=pathlib.Path, help="folder of the package that face_teachers.py reads, for faces")
    p.add_argument("--only", nargs="*", choices=list(RUNS), help="these runs, in this order, instead of all that have not shipped yet")
    p.add_argument("--state", type=pathlib.Path, default=HERE / "state", help="what was kept, to begin from where a run is not there")
    p.add_argument("--threads", type=int, default=1, help="processor cores of the training, where nothing else needs them")
    p.add_argument("--list", action="store_true")
    p.add_argument("--keep", type=pathlib.Path, metavar="FOLDER")
    return p.parse_args()


def progress(folder):
    """Steps and core minutes of a run, from the last line of its log."""
    log = folder / "log.jsonl"
    lines = log.read_text().splitlines() if log.exists() else []
    # A run killed as it wrote may leave half a line.
    whole = [json.loads(line) for line in lines[-2:] if line.endswith("}")]
    return (whole[-1]["step"], whole[-1]["core_minutes"]) if whole else (0, 0.0)


def stage_of(run, steps):
    return next((stage for stage in run["stages"] if steps < stage["steps"]), None)


def arguments(o, name, stage):
    run = RUNS[name]
    options, data = run["options"] | stage, o.data / run.get("data", "")
    if "more_a" in options:
        options["more_a"] = o.data / options["more_a"]
    if "packed" in run:
        data = o.runs / run["packed"]
        options = {key: value for key, value in options.items() if key != "side"} | {"teachers": o.teachers}
    for other in {"faces", "recogniser"} & options.keys():
        options[other] = o.runs / options[other]
    listed = [f"--data={data}", f"--out={o.runs / name}", f"--threads={o.threads}"]
    for key, value in options.items():
        flag = "--" + key.replace("_", "-")
        listed += [flag, *map(str, value)] if isinstance(value, list) else [flag] if value is True else [f"{flag}={value}"]
    return listed


def wanted(o):
    """Names of the runs that are asked for."""
    return o.only or [name for name, run in RUNS.items() if not run.get("shipped")]


def describe(o):
    for name in wanted(o):
        steps, minutes = progress(o.runs / name)
        stage = stage_of(RUNS[name], steps)
        what = f"next: to step {stage['steps']} at {stage.get('side', 128)} px" if stage else "done"
        print(f"{name}: {steps} of {RUNS[name]['stages'][-1]['steps']} steps, {minutes / 60:.2f} core hours; {what}", flush=True)


def restore(o, name):
    """Begins a run whose folder is gone from what was kept of it; a new one from another's weights, where it says so."""
    folder = o.runs / name
    if (folder / "checkpoint.pt").exists():
        return
    import torch
    from keep import KEPT, read
    folder.mkdir(parents=True, exist_ok=True)
    if (o.state / f"{name}.pt.gz").exists():
        torch.save(read(o.state / name), folder / "checkpoint.pt")
        (folder / "log.jsonl").write_text((o.state / f"{name}.jsonl").read_text())
        return
    other = RUNS[name].get("begins_from")
    if other and (o.runs / other / "checkpoint.pt").exists():
        state = torch.load(o.runs / other / "checkpoint.pt", map_location="cpu", weights_only=False)
        weights = {part: state[part] for part in KEPT if part in state}
        torch.save(weights | {"steps": 0, "seconds": 0.0, "options": state["options"]}, folder / "checkpoint.pt")


def keep(o):
    from keep import write
    o.keep.mkdir(parents=True, exist_ok=True)
    sizes = {}
    for name in wanted(o):
        folder = o.runs / name
        if (folder / "checkpoint.pt").exists():
            sizes[name] = write(folder, o.keep / name)
    print(sizes)
    if sum(sizes.values()) > KEEP_LIMIT:
        raise SystemExit(f"{sum(sizes.values())} bytes are kept, more than {KEEP_LIMIT}")


def work(o):
    for name in wanted(o):
        restore(o, name)
        while stage := stage_of(RUNS[name], progress(o.runs / name)[0]):
            describe(o)
            before, began = progress(o.runs / name)[0], time.monotonic()
            with open(o.runs / f"{name}.err", "a") as errors:
                child = subprocess.Popen([sys.executable, HERE / RUNS[name].get("script", "cyclegan.py"), *arguments(o, name, stage)], stdout=errors, stderr=errors)
                try:
                    code = child.wait()
                except KeyboardInterrupt:
                    child.terminate()
                    child.wait()
                    raise SystemExit(1)
            if progress(o.runs / name)[0] == before:
                raise SystemExit(f"{name}: ended with {code} after {time.monotonic() - began:.0f} s; see {name}.err")
    describe(o)


def main():
    o = parse_arguments()
    o.runs.mkdir(parents=True, exist_ok=True)
    if o.list:
        describe(o)
    elif o.keep:
        keep(o)
    else:
        work(o)


if __name__ == "__main__":
    main()
