#!/usr/bin/env python3
"""Turns a checkpoint of cyclegan.py into the files that the page loads, and measures them.

    python3 training/export.py --checkpoint runs/monet/checkpoint.pt --data FOLDER --swap \\
        --id monet --domains photo monet --models www/public/models \\
        --card training/cards/monet.md --our-seconds 2.5 --their-seconds 0.6

Writes ID-ab.safetensors and ID-ba.safetensors (f16, published key names), both discriminators as ID-d-a and ID-d-b, the
pair's entry in models.json (sizes, checksums and quality computed here), its card ID.md, and prints the quality figures.
With --judged FILE, the last line of `npm run measure -- cyclegan`, entry and card also say what the judge found.
"""

import argparse
import hashlib
import json
import pathlib

import torch
from safetensors.torch import load_file, save_file

from networks import ResnetGenerator, exaggerated
from pictures import read_folder, to_signed


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--earlier", nargs="*", default=[], help="checkpoints of the runs before this one, first those whose moments the card names")
    p.add_argument("--also", nargs="*", default=[], help="earlier checkpoints to average the weights with; one named twice counts twice")
    p.add_argument("--strength", type=float, default=1.0, help="how far `ab` goes from the photo, over what it learned")
    p.add_argument("--data", required=True)
    p.add_argument("--swap", action="store_true", help="domain a is the folders' B")
    p.add_argument("--id", required=True)
    p.add_argument("--domains", nargs=2, required=True)
    p.add_argument("--models", required=True)
    p.add_argument("--card", required=True, help="text with {placeholders}")
    p.add_argument("--our-seconds", type=float, required=True, help="processor seconds a step of the Rust trainer")
    p.add_argument("--their-seconds", type=float, required=True, help="the same of cyclegan.py")
    p.add_argument("--judged", help="file whose last line `npm run measure -- cyclegan` printed")
    p.add_argument("--side", type=int, default=256, help="working side that suits the training")
    return p.parse_args()


def generator(options, weights):
    network = ResnetGenerator(options["filters"], options["blocks"], options["upsample"], options.get("skip", False))
    network.load_state_dict({name: value.float() for name, value in weights.items()})
    return network.eval()


def average(checkpoints, name):
    """The mean of the averaged weights of several moments: what is left of a fault that wanders is small."""
    states = [checkpoint[f"average_{name}"] for checkpoint in checkpoints]
    return {key: sum(state[key].float() for state in states) / len(states) for key in states[0]}


def write(weights, path, metadata):
    halves = {name: value.half().contiguous() for name, value in weights.items()}
    save_file(halves, path, metadata=metadata)
    path.chmod(0o644)
    data = path.read_bytes()
    return {"url": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


@torch.no_grad()
def measure(there, back, exact, pictures):
    """Mean absolute differences in units of the networks (-1 to 1), over whole test pictures."""
    cycle, change, rounding = [], [], []
    for picture in map(to_signed, pictures):
        picture = picture[:, :, : picture.shape[2] // 4 * 4, : picture.shape[3] // 4 * 4]
        made = there(picture)
        cycle.append((back(made) - picture).abs().mean().item())
        change.append((made - picture).abs().mean().item())
        rounding.append((made - exact(picture)).abs().mean().item())
    mean = lambda values: sum(values) / len(values)
    return {"pictures": len(cycle), "cycle_l1": round(mean(cycle), 4), "change_l1": round(mean(change), 4),
            "f16_difference": float(f"{mean(rounding):.1e}")}


def judged(o):
    """What the judge of `npm run measure -- cyclegan` said of this pair; question marks before it was asked."""
    if not o.judged:
        return {}
    line = json.loads(pathlib.Path(o.judged).read_text().strip().splitlines()[-1])
    return {"judge_accuracy": line["judge_accuracy"]} | line[o.id]


def write_card(o, state, entry, counts):
    """The card's figures come from the checkpoint and from what was measured, never from a keyboard."""
    options, quality = state["options"], entry["quality"]
    earlier = [torch.load(path, map_location="cpu", weights_only=False) for path in o.earlier]
    first_steps = earlier[0]["steps"] if earlier else 0
    second_steps, third_steps = (earlier[at]["steps"] if len(earlier) > at else 0 for at in (1, 2))
    figures = {name: options[name] for name in ("filters", "blocks", "critic_filters", "side", "lambda_cycle",
                                                "lambda_identity", "learning_rate", "critic_steps")}
    figures |= counts | {
        "steps": state["steps"], "minutes": round(sum(run["seconds"] for run in [*earlier, state]) / 60),
        "first_steps": first_steps, "second_steps": second_steps, "third_steps": third_steps,
        "back_steps": state["steps"] - max(second_steps, third_steps),
        "later_steps": state["steps"] - first_steps, "torch": torch.__version__.split("+")[0],
        "megabytes": round(entry["files"]["ab"]["bytes"] / 1e6, 1), "their_seconds": o.their_seconds,
        "strength": round(o.strength * options.get("exaggerate", 1.0), 2), "checkpoints": len(set(o.also)) + 1,
        "our_seconds": o.our_seconds, "ratio": round(o.our_seconds / o.their_seconds, 1), "working_side": o.side,
        "cycle_ab": quality["ab"]["cycle_l1"], "cycle_ba": quality["ba"]["cycle_l1"],
        "change_ab": quality["ab"]["change_l1"], "rounding_ab": quality["ab"]["f16_difference"],
    }
    names = ("judge_accuracy", "called", "untouched", "wrong_painter", "edge", "back_called_photo")
    figures |= {name: f"{100 * entry['judged'][name]:.0f}" if entry.get("judged") else "?" for name in names}
    names = ("kid", "kid_untouched", "kid_floor", "edge", "cycle_l1")
    figures |= {name: f"{entry['judged'][name]:.3g}" if entry.get("judged") else "?" for name in names}
    text = pathlib.Path(o.card).read_text(encoding="utf-8").format(**figures)
    (pathlib.Path(o.models) / entry["card"]).write_text(text, encoding="utf-8")


def main():
    o = parse_arguments()
    torch.set_num_threads(1)
    checkpoints = [torch.load(path, map_location="cpu", weights_only=False) for path in [*o.also, o.checkpoint]]
    state = checkpoints[-1]
    options, models = state["options"], pathlib.Path(o.models)
    models.mkdir(parents=True, exist_ok=True)
    files, loaded, exact = {}, {}, {}
    for name in ("ab", "ba"):
        weights = exaggerated(average(checkpoints, name), o.strength if name == "ab" else 1.0)
        path = models / f"{o.id}-{name}.safetensors"
        facts = {"upsample": options["upsample"], "direction": name, "steps": str(state["steps"])}
        files[name] = write(weights, path, facts)
        loaded[name], exact[name] = generator(options, load_file(path)), generator(options, weights)
    discriminators = {}
    for domain in ("a", "b"):
        path = models / f"{o.id}-d-{domain}.safetensors"
        discriminators[domain] = write(state[f"d_{domain}"], path, {"domain": domain, "steps": str(state["steps"])})
    a, b = ("B", "A") if o.swap else ("A", "B")
    data = pathlib.Path(o.data)
    quality = {
        "steps": state["steps"],
        "ab": measure(loaded["ab"], loaded["ba"], exact["ab"], read_folder(data / f"test{a}")),
        "ba": measure(loaded["ba"], loaded["ab"], exact["ba"], read_folder(data / f"test{b}")),
    }
    entry = {"id": o.id, "kind": "cyclegan", "domains": o.domains, "files": files, "discriminators": discriminators, "licence": "CC-BY-4.0",
             "card": f"{o.id}.md", "quality": quality, "judged": judged(o), "side": o.side}
    index = models / "models.json"
    others = [e for e in json.loads(index.read_text()) if e["id"] != o.id] if index.exists() else []
    index.write_text(json.dumps([*others, entry], indent=2) + "\n")
    counts = {f"{kind}_{name}": len(read_folder(data / f"{kind}{letter}"))
              for kind in ("train", "test") for name, letter in (("a", a), ("b", b))}
    write_card(o, state, entry, counts)
    print(json.dumps(quality, indent=2))
    print(f"minutes of training: {state['seconds'] / 60:.1f}")


if __name__ == "__main__":
    main()
