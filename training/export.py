#!/usr/bin/env python3
"""Turns a checkpoint of cyclegan.py into the files that the page loads, and measures them.

    python3 training/export.py --checkpoint runs/horse2zebra/checkpoint.pt --data FOLDER --id horse2zebra --domains horse zebra \\
        --licence CC-BY-NC-4.0 --models www/public/models --card training/cards/horse2zebra.md

Writes ID-ab.safetensors and ID-ba.safetensors (f16, published key names), both discriminators as ID-d-a and ID-d-b, the
pair's entry in models.json (sizes, checksums and quality computed here), its card ID.md, and prints the quality figures.
Entry and card also say what the judges found, where their last lines are given: with --judged that of `npm run measure -- cyclegan`, with
--second that of `judge.py`. So a pair is exported, judged, and exported again.
"""

import argparse
import json
import math
import pathlib

import torch
from safetensors.torch import load_file

from cyclegan import generator
from pictures import read_folder, to_signed
from quick_card import with_quick
from tensor_file import write


# Longer side of the picture that tells the direction, as www/engine/worker-translation.js has it.
THUMBNAIL = 128


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--data", required=True)
    p.add_argument("--swap", action="store_true", help="domain a is the folders' B")
    p.add_argument("--id", required=True)
    p.add_argument("--domains", nargs=2, required=True)
    p.add_argument("--licence", required=True)
    p.add_argument("--models", required=True)
    p.add_argument("--card", required=True, help="text with {placeholders}")
    p.add_argument("--judged", help="file whose last line `npm run measure -- cyclegan` printed")
    p.add_argument("--second", help="file whose last line judge.py printed")
    p.add_argument("--side", type=int, default=256, help="working side that suits the training")
    p.add_argument("--sides", type=int, nargs=2, metavar=("CPU", "WEBGPU"), help="working sides that the page begins with, where its usual ones do not suit")
    return p.parse_args()


def loaded(options, weights):
    network = generator(options)
    network.load_state_dict({name: value.float() for name, value in weights.items()})
    return network.eval()


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


@torch.no_grad()
def telling(there, back, pictures_a, pictures_b):
    """Where the logarithm of the two changes' ratio tells the direction that is meant: at most 3 % of the test pictures are told wrongly."""

    def ratio(picture):
        height, width = picture.shape[1:]
        shrink = THUMBNAIL / max(height, width)
        size = [max(4, round(side * shrink) // 4 * 4) for side in (height, width)]
        small = torch.nn.functional.interpolate(to_signed(picture), size, mode="bilinear", antialias=True)
        change = [(network(small) - small).abs().mean().item() for network in (there, back)]
        return math.log(change[0] / change[1])

    ratios = [torch.tensor([ratio(picture) for picture in pictures]) for pictures in (pictures_a, pictures_b)]
    return {"a": round(ratios[0].quantile(0.03).item(), 3), "b": round(ratios[1].quantile(0.97).item(), 3)}


def last_line(path):
    return json.loads(pathlib.Path(path).read_text().strip().splitlines()[-1])


def judged(o):
    """What the judges said of this pair; nothing before they were asked."""
    first, second = (last_line(path) if path else {} for path in (o.judged, o.second))
    found = {"judge_accuracy": first["judge_accuracy"]} | first[o.id] if first else {}
    return found | ({"second": {"accuracy": second["accuracy"]} | second[o.id]} if second else {})


def card_figures(o, state, entry, counts):
    """All figures of a card: from the checkpoint and from what was measured, never from a keyboard."""
    options, quality, judges = state["options"], entry["quality"], entry["judged"]
    figures = {name: options[name] for name in ("filters", "blocks", "critic_filters", "lambda_cycle", "lambda_patch", "learning_rate", "side")}
    figures |= {name: options.get(name, 0) for name in ("lambda_self", "lambda_even", "lambda_content", "narrowest", "widest")}
    figures["lambda_content_back"] = options.get("lambda_content_back", figures["lambda_content"])
    figures |= counts | {
        "steps": state["steps"], "core_hours": round(state["seconds"] / 3600, 1), "torch": torch.__version__.split("+")[0],
        "megabytes": round(entry["files"]["ab"]["bytes"] / 1e6, 1), "working_side": o.side,
        "change_ab": quality["ab"]["change_l1"], "rounding_ab": quality["ab"]["f16_difference"],
    }
    percent, plain = (lambda value: f"{100 * value:.0f}"), (lambda value: f"{value:.2g}")
    if "judge_accuracy" in judges:
        figures |= {"first_accuracy": percent(judges["judge_accuracy"]), "first_called": percent(judges["called"]), "first_back": percent(judges["back_called"])}
    if second := judges.get("second"):
        figures["second_accuracy"] = percent(second["accuracy"])
        for way in ("ab", "ba"):
            found = second[way]
            figures |= {f"{name}_{way}": percent(found[name]) for name in ("called", "untouched")}
            figures |= {f"{name}_{way}": plain(found[name]) for name in ("edge", "cycle_l1", "grain", "grain_real", "border", "outside") if found.get(name) is not None}
            figures |= {f"{name}_way_{way}": percent(found[name]["way"]) for name in ("frechet", "kid")}
    return figures


class Unjudged(dict):
    """Question marks for what was not measured yet."""

    def __missing__(self, key):
        return "?"


def write_card(o, state, entry, counts):
    text = pathlib.Path(o.card).read_text(encoding="utf-8").format_map(Unjudged(card_figures(o, state, entry, counts)))
    (pathlib.Path(o.models) / entry["card"]).write_text(with_quick(text, entry), encoding="utf-8")


def main():
    o = parse_arguments()
    torch.set_num_threads(1)
    state = torch.load(o.checkpoint, map_location="cpu", weights_only=False)
    options, models = state["options"], pathlib.Path(o.models)
    models.mkdir(parents=True, exist_ok=True)
    files, halved, exact = {}, {}, {}
    for name in ("ab", "ba"):
        weights = state[f"average_{name}"]
        path = models / f"{o.id}-{name}.safetensors"
        facts = {"upsample": options["upsample"], "direction": name, "steps": str(state["steps"])}
        files[name] = write(weights, path, facts)
        halved[name], exact[name] = loaded(options, load_file(path)), loaded(options, weights)
    discriminators = {}
    for domain in ("a", "b"):
        path = models / f"{o.id}-d-{domain}.safetensors"
        discriminators[domain] = write(state[f"patch.d_{domain}"], path, {"domain": domain, "steps": str(state["steps"])})
    a, b = ("B", "A") if o.swap else ("A", "B")
    data = pathlib.Path(o.data)
    tests_a, tests_b = read_folder(data / f"test{a}"), read_folder(data / f"test{b}")
    quality = {
        "steps": state["steps"],
        "ab": measure(halved["ab"], halved["ba"], exact["ab"], tests_a),
        "ba": measure(halved["ba"], halved["ab"], exact["ba"], tests_b),
    }
    entry = {"id": o.id, "kind": "cyclegan", "domains": o.domains, "files": files, "discriminators": discriminators, "licence": o.licence,
             "card": f"{o.id}.md", "quality": quality, "tells": telling(halved["ab"], halved["ba"], tests_a, tests_b), "judged": judged(o), "side": o.side}
    if o.sides:
        entry["sides"] = dict(zip(("cpu", "webgpu"), o.sides))
    index = models / "models.json"
    entries = {known["id"]: known for known in (json.loads(index.read_text()) if index.exists() else [])}
    # Its quick painters stay, until export_quick.py makes others.
    if quick := entries.get(o.id, {}).get("quick"):
        entry["quick"] = quick
    index.write_text(json.dumps(list((entries | {o.id: entry}).values()), indent=2) + "\n")
    counts = {f"{kind}_{name}": len(read_folder(data / f"{kind}{letter}"))
              for kind in ("train", "test") for name, letter in (("a", a), ("b", b))}
    if more := options.get("more_a"):
        counts["more_a"] = len(read_folder(more))
    write_card(o, state, entry, counts)
    print(json.dumps(quality, indent=2))
    print(f"core hours of training: {state['seconds'] / 3600:.2f}")


if __name__ == "__main__":
    main()
