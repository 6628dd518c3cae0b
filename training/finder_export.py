#!/usr/bin/env python3
"""Turns finder.py's checkpoint into the file that the page loads, with what its --measure printed.

    python3 training/finder.py --data FOLDER --faces runs/faces --out runs/finder --steps 8000 --measure > found.txt
    python3 training/finder_export.py --checkpoint runs/finder/checkpoint.pt --measured found.txt --models www/public/models

Writes faces-finder.safetensors (f16, batch norms merged), its line in models.json and the card's lines about finding.
"""

import argparse
import json
import pathlib

import torch

import tensor_file
from drgan_networks import folded
from finder_networks import FaceFinder

# The card's line in either language; it stands before the one about aligning.
LINES = {
    "| Alignment |": "| Finding | of {frontal_photos} frontal and {profile_photos} profile test photos {frontal} % and {profile} % are found as they lie (overlap with the marked "
                     "face's square at least one half); laid on landscapes at 48, 96 and 160 px {small_frontal} % and {small_profile} %, at 24 px {least_frontal} % and {least_profile} %; forty frontal ones side by side "
                     "{crowded} %; false finds in {landscapes} landscapes without faces: {false}. Yaw off by {frontal_yaw} and {profile_yaw} degrees, as they lie. A network of {kilobytes} KB, `training/finder.py`: {steps} steps, {hours} core hours; landscapes, zebras and Monet's "
                     "paintings were its grounds, LFW's people (Huang et al. 2007) some of its faces |",
    "| 對齊 |": "| 找臉 | {frontal_photos} 張正面與 {profile_photos} 張側面測試照片，原樣找到 {frontal} % 與 {profile} %（與標記的臉部方框重疊至少一半）；"
               "以 48、96、160 像素貼在風景上為 {small_frontal} % 與 {small_profile} %，24 像素為 {least_frontal} % 與 {least_profile} %；四十張正面照並排為 {crowded} %；{landscapes} 張沒有臉的風景中誤認 {false} 次。原樣照片的偏轉差 {frontal_yaw} 與 {profile_yaw} 度。"
               "網路 {kilobytes} KB，`training/finder.py`：{steps} 步、{hours} 核心小時；背景取自風景、斑馬與莫內的畫作，部分人臉取自 LFW（Huang 等人，2007） |",
}


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--measured", required=True, help="file whose last line `finder.py --measure` printed")
    p.add_argument("--models", type=pathlib.Path, required=True)
    return p.parse_args()


def told(card, figures):
    """The card with the lines about finding, in place of those that were there."""
    lines = []
    for line in card.splitlines():
        if line.startswith(("| Finding |", "| 找臉 |")):
            continue
        lines += [text.format(**figures) for place, text in LINES.items() if line.startswith(place)] + [line]
    return "\n".join(lines) + "\n"


def main():
    o = parse_arguments()
    state = torch.load(o.checkpoint, map_location="cpu", weights_only=False)
    network = FaceFinder()
    network.load_state_dict(state["network"])
    measured = json.loads(pathlib.Path(o.measured).read_text().strip().splitlines()[-1])
    del measured["at"]
    file = tensor_file.write(folded(network.eval(), "finder"), o.models / "faces-finder.safetensors", {"steps": state["steps"]})
    listed = o.models / "models.json"
    entries = json.loads(listed.read_text())
    entry = next(each for each in entries if each["id"] == "faces")
    entry["files"]["finder"], entry["quality"]["finder"] = file, measured
    listed.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n")
    percent = lambda values: f"{100 * sum(values) / len(values):.1f}".removesuffix(".0")
    laid = lambda kind, sides: percent([measured[f"{kind} at {side} px"] for side in sides])
    figures = {"frontal": percent([measured["frontal as it lies"]]), "profile": percent([measured["profile as it lies"]]),
               "small_frontal": laid("frontal", (48, 96, 160)), "small_profile": laid("profile", (48, 96, 160)),
               "least_frontal": laid("frontal", (24,)), "least_profile": laid("profile", (24,)),
               **{f"{kind}_yaw": f"{measured[f'{kind} off']['yaw_deg']:.1f}" for kind in ("frontal", "profile")},
               "crowded": percent([measured["of a crowd"]]), "kilobytes": round(file["bytes"] / 1000),
               "steps": state["steps"], "hours": f"{state['seconds'] / 3600:.1f}", **measured}
    card = o.models / entry["card"]
    card.write_text(told(card.read_text(encoding="utf-8"), figures), encoding="utf-8")
    print(json.dumps(file))


if __name__ == "__main__":
    main()
