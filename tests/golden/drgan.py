#!/usr/bin/env python3
"""DR-GAN in PyTorch, for tests/drgan.rs and tests/faces.rs: `python3 tests/golden/drgan.py`.

faces.safetensors: the shipped networks at a tiny width with random norms, folded as training/export writes them, a few faces, and what
comes out. finder.safetensors: the network that finds faces, in the same way. drgan.safetensors: ten steps of the small networks that learn in the page: initial weights by the names of our parameters
(a linear layer is [inputs, outputs] there), what the steps learn from, both losses of every step, the generator after them.
"""

import pathlib
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent.parent / "training"))

import drgan_networks as networks  # noqa: E402
import finder_networks  # noqa: E402

PEOPLE, BATCH, PICTURES, STEPS, SIDE = 3, 2, 2, 10, 32
# Pictures and all else that a step learns from: steps take turns.
BATCHES = 2
FILTERS, FEATURES, YAW_CODE, NOISE = 2, 6, 8, 3
SCALE = 12.0
WEIGHT_IDENTITY, WEIGHT_YAW, WEIGHT_RECONSTRUCTION = 1.0, 2.0, 6.0
RATE_D, RATE_G, BETAS = 1e-3, 2e-3, (0.5, 0.99)


def tiny_shipped():
    """Every width small, every norm with statistics of its own."""
    encoder = networks.Encoder((3, 3, 4, 4, 3, 4, 4, 3, 4, 4, 3, 6))
    decoder = networks.Decoder(4, (3, 4, 3, 3, 4, 3, 3, 4, 3, 3, 3), 6)
    discriminator = networks.Discriminator(5, (3, 3, 4, 4, 3, 4, 4, 3, 4, 4), (3, 4))
    random = torch.Generator().manual_seed(3)
    for network in (encoder, decoder, discriminator):
        # PyTorch's own initial weights would let nothing of the input through so many narrow layers.
        networks.initialize(network, random)
        settle(network)
    # Half precision keeps the file small, and both read the same numbers.
    faces = (torch.rand(2, 3, 96, 96) * 2 - 1).half().float()
    yaw, noise = torch.tensor([[-1.2], [0.9]]), torch.rand(2, 20) * 2 - 1
    out = {}
    named = {"encoder": encoder, "decoder": decoder, "discriminator": discriminator}
    for name, network in named.items():
        out |= {key: value.detach().clone() for key, value in networks.folded(network, name).items()}
    with torch.no_grad():
        features, confidence = encoder(faces)
        identity, angle, real = discriminator(faces)
        out |= {"faces": faces.half(), "yaw": yaw, "noise": noise, "features": features, "confidence": confidence}
        out |= {"fused": networks.fuse(features[None], confidence[None]), "made": decoder(features, yaw, noise)[:, :, ::4, ::4]}
        out |= {"identity": identity, "angle": angle, "real": real}
    return {name: value.contiguous() for name, value in out.items()}


def settle(network):
    """Norms with statistics of their own, in evaluation."""
    for part in network.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(part.weight, 0.5, 1.5)
            torch.nn.init.normal_(part.bias, 0, 0.2)
            part.running_mean.normal_(0, 0.2)
            part.running_var.uniform_(0.5, 1.5)
    network.eval()


@torch.no_grad()
def tiny_finder():
    """A picture, what the network makes of it, and the squares that are read from that."""
    torch.manual_seed(5)
    finder = networks.initialize(finder_networks.FaceFinder((3, 4, 3, 4, 3, 4, 3, 4)), torch.Generator().manual_seed(5))
    settle(finder)
    picture = (torch.rand(1, 3, 48, 64) * 2 - 1).half().float()
    seen = finder(picture)
    finder.out.bias[0] -= seen[0, 0].median()
    seen = finder(picture)
    sightings = finder_networks.decode(seen[0], 0.5)
    out = {key: value.detach().clone() for key, value in networks.folded(finder, "finder").items()}
    return out | {"picture": picture.half(), "seen": seen.contiguous(), "sightings": sightings} | seen_in_copies()


def seen_in_copies():
    """Cells of several copies of a picture (finder_networks.merged), around six places, small and large, and the faces they are of."""
    places = torch.tensor([[30.0, 40, 24], [90, 40, 26], [30, 120, 60], [150, 120, 64], [260, 60, 40], [260, 200, 120]])
    at = torch.randint(len(places), (60,))
    jitter = 1 + 0.03 * torch.randn(60, 3)
    cells = torch.cat([0.15 + 0.8 * torch.rand(60, 1), places[at] * jitter, 0.3 * torch.randn(60, 2), torch.randint(5, (60, 1)).float()], 1)
    cells[at == 1, 6], cells[at == 4, 6] = 0.0, 2.0
    return {"cells": cells, "faces": finder_networks.merged(cells, finder_networks.FACE)}


def random_weights():
    """The small networks' weights, by the names of our parameters; a linear layer as PyTorch has it."""
    f, weights = FILTERS, {}

    def layer(name, *shape):
        outputs = shape[0]
        weights[f"{name}.weight"] = torch.randn(shape) * (2.0 / torch.tensor(shape[1:]).prod()) ** 0.5
        return name, outputs

    def biased(name, *shape, bias=None):
        layer(name, *shape)
        weights[f"{name}.bias"] = 0.1 * torch.randn(bias or shape[0])

    for at, (inputs, outputs, kernel) in enumerate(((3, f, 4), (f, 2 * f, 3), (2 * f, 4 * f, 3), (4 * f, FEATURES, 4))):
        biased(f"generator.encoder.conv.{at}", outputs, inputs, kernel, kernel)
    biased("generator.encoder.confidence", 1, 4 * f, 3, 3)
    biased("generator.decoder.yaw", YAW_CODE, 1)
    biased("generator.decoder.fc", 4 * f * 16, FEATURES + YAW_CODE + NOISE)
    biased("generator.decoder.conv.0", 4 * f, 3 * f, 3, 3, bias=3 * f)
    biased("generator.decoder.conv.1", 3 * f, 2 * f, 3, 3, bias=2 * f)
    biased("generator.decoder.out", 2 * f, 3, 4, 4, bias=3)
    for at, (inputs, outputs, kernel) in enumerate(((3, f, 4), (f, 2 * f, 3), (2 * f, 4 * f, 3))):
        biased(f"discriminator.trunk.{at}", outputs, inputs, kernel, kernel)
    for head, outputs in (("identity", PEOPLE), ("yaw", 1), ("real", 1)):
        biased(f"discriminator.{head}.conv.0", 4 * f, 4 * f, 3, 3)
        biased(f"discriminator.{head}.out", outputs, 4 * f)
    del weights["discriminator.identity.out.bias"]
    return {name: value.requires_grad_() for name, value in weights.items()}


def encode(w, x):
    layer = lambda name, x, **more: F.conv2d(x, w[f"generator.encoder.{name}.weight"], w[f"generator.encoder.{name}.bias"], **more)
    for at in range(3):
        x = F.elu(layer(f"conv.{at}", x, stride=2, padding=1))
    return layer("conv.3", x).flatten(1), torch.sigmoid(layer("confidence", x, padding=1).mean((2, 3)))


def decode(w, features, yaw, noise):
    get = lambda name: (w[f"generator.decoder.{name}.weight"], w[f"generator.decoder.{name}.bias"])
    x = F.elu(F.linear(torch.cat([features, F.elu(F.linear(yaw, *get("yaw"))), noise], 1), *get("fc"))).view(len(yaw), -1, 4, 4)
    for at in range(2):
        x = F.elu(F.conv_transpose2d(x, *get(f"conv.{at}"), stride=2, padding=1, output_padding=1))
    return torch.tanh(F.conv_transpose2d(x, *get("out"), stride=2, padding=1))


def judge(w, x):
    for at in range(3):
        x = F.leaky_relu(F.conv2d(x, w[f"discriminator.trunk.{at}.weight"], w[f"discriminator.trunk.{at}.bias"], stride=2, padding=1), 0.2)
    pooled = lambda head: F.conv2d(x, w[f"discriminator.{head}.conv.0.weight"], w[f"discriminator.{head}.conv.0.bias"], padding=1).mean((2, 3))
    linear = lambda head: F.linear(pooled(head), w[f"discriminator.{head}.out.weight"], w[f"discriminator.{head}.out.bias"])
    return F.normalize(pooled("identity")) @ F.normalize(w["discriminator.identity.out.weight"]).t(), linear("yaw"), linear("real")


def next_picture(rows):
    """The person's next picture in place of each."""
    return rows.view(BATCH, PICTURES, *rows.shape[1:]).roll(-1, 1).reshape(rows.shape)


def turned(w, batch):
    features, confidence = encode(w, batch["pictures"])
    fused = networks.fuse(features.view(BATCH, PICTURES, -1), confidence.view(BATCH, PICTURES, 1))
    yaw = torch.cat([next_picture(batch["yaw"]), batch["target_yaw"]])
    return decode(w, torch.cat([features, fused]), yaw, batch["noise"]), yaw


def ten_steps():
    w = random_weights()
    out = {name: (value.detach().t() if value.dim() == 2 else value.detach()).clone().contiguous() for name, value in w.items()}
    of = lambda network: [value for name, value in w.items() if name.startswith(network)]
    optimizer_d = torch.optim.Adam(of("discriminator"), lr=RATE_D, betas=BETAS)
    optimizer_g = torch.optim.Adam(of("generator"), lr=RATE_G, betas=BETAS)
    people = torch.randint(PEOPLE, (BATCHES, BATCH)).repeat_interleave(PICTURES, 1)
    drawn = {
        "pictures": torch.rand(BATCHES, BATCH * PICTURES, 3, SIDE, SIDE) * 2 - 1, "yaw": torch.rand(BATCHES, BATCH * PICTURES, 1) * 3 - 1.5,
        "target_yaw": torch.rand(BATCHES, BATCH, 1) * 3 - 1.5, "noise": torch.rand(BATCHES, BATCH * (PICTURES + 1), NOISE) * 2 - 1,
    }
    drawn["pictures"] = drawn["pictures"].half().float()
    losses = []
    for step in range(STEPS):
        batch, person = {name: value[step % BATCHES] for name, value in drawn.items()}, people[step % BATCHES]
        optimizer_d.zero_grad()
        fake = turned(w, batch)[0].detach()
        cosines, angle, real = judge(w, batch["pictures"])
        loss_d = (WEIGHT_IDENTITY * F.cross_entropy(SCALE * cosines, person) + WEIGHT_YAW * (angle - batch["yaw"]).square().mean()
                  + F.softplus(-real).mean() + F.softplus(judge(w, fake)[2]).mean())
        loss_d.backward()
        optimizer_d.step()
        optimizer_g.zero_grad()
        fake, yaw = turned(w, batch)
        cosines, angle, real = judge(w, fake)
        asked = torch.cat([person, person[::PICTURES]])
        difference = (fake[: BATCH * PICTURES] - next_picture(batch["pictures"])).abs().mean()
        loss_g = (WEIGHT_IDENTITY * F.cross_entropy(SCALE * cosines, asked) + WEIGHT_YAW * (angle - yaw).square().mean()
                  + F.softplus(-real).mean() + WEIGHT_RECONSTRUCTION * difference)
        loss_g.backward()
        optimizer_g.step()
        losses.append([loss_d.item(), loss_g.item()])
    out |= {f"after.{name}": (value.detach().t() if value.dim() == 2 else value.detach()).clone().contiguous() for name, value in w.items()}
    return out | drawn | {"pictures": drawn["pictures"].half(), "people": people.float(), "losses": torch.tensor(losses)}


if __name__ == "__main__":
    torch.manual_seed(17)
    torch.set_num_threads(1)
    save_file(tiny_shipped(), here / "faces.safetensors")
    save_file(ten_steps(), here / "drgan.safetensors")
    save_file(tiny_finder(), here / "finder.safetensors")
