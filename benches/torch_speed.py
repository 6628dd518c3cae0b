"""The painting and the training step of `npm run gpu` in PyTorch, on the graphics card it finds; a line of JSON.

Networks of the same shape (Zhu et al. 2017, Radford et al. 2015) with random weights: what they compute does not matter, how long it takes does.
"""

import json
import statistics
import sys
import time

import torch
from torch import nn

ROUNDS, WARM = 20, 5


def device():
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def timed(place, work):
    times = []
    for at in range(WARM + ROUNDS):
        began = time.perf_counter()
        work()
        if place.type != "cpu":
            getattr(torch, place.type).synchronize()
        if at >= WARM:
            times.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(times), 3)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        half = lambda: [nn.ReflectionPad2d(1), nn.Conv2d(width, width, 3), nn.InstanceNorm2d(width)]
        self.body = nn.Sequential(*half(), nn.ReLU(), *half())

    def forward(self, x):
        return x + self.body(x)


def painter(filters, blocks):
    down = lambda a, b: [nn.Conv2d(a, b, 3, 2, 1), nn.InstanceNorm2d(b), nn.ReLU()]
    up = lambda a, b: [nn.ConvTranspose2d(a, b, 3, 2, 1, 1), nn.InstanceNorm2d(b), nn.ReLU()]
    return nn.Sequential(
        nn.ReflectionPad2d(3), nn.Conv2d(3, filters, 7), nn.InstanceNorm2d(filters), nn.ReLU(), *down(filters, 2 * filters), *down(2 * filters, 4 * filters),
        *(Block(4 * filters) for _ in range(blocks)), *up(4 * filters, 2 * filters), *up(2 * filters, filters),
        nn.ReflectionPad2d(3), nn.Conv2d(filters, 3, 7), nn.Tanh())


def dcgan(width, batch, place):
    """A step on pictures of 28 x 28: the discriminator's turn, then the generator's."""
    area = 2 * width * 49
    made = nn.Sequential(
        nn.Linear(64, area), nn.Unflatten(1, (2 * width, 7, 7)), nn.BatchNorm2d(2 * width), nn.ReLU(), nn.ConvTranspose2d(2 * width, width, 4, 2, 1),
        nn.BatchNorm2d(width), nn.ReLU(), nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh()).to(place)
    judge = nn.Sequential(
        nn.Conv2d(1, width, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(width, 2 * width, 4, 2, 1), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(area, 1)).to(place)
    learn = [torch.optim.Adam(network.parameters(), 2e-4, (0.5, 0.99)) for network in (judge, made)]
    real = torch.rand(batch, 1, 28, 28, device=place) * 2 - 1
    noise = lambda: torch.randn(batch, 64, device=place)

    def step():
        for optimizer, loss in ((learn[0], lambda: nn.functional.softplus(-judge(real)).mean() + nn.functional.softplus(judge(made(noise()).detach())).mean()),
                                (learn[1], lambda: nn.functional.softplus(-judge(made(noise()))).mean())):
            optimizer.zero_grad()
            value = loss()
            value.backward()
            optimizer.step()
        value.item()
    return step


def main():
    torch.manual_seed(1)
    place = device()
    if place.type == "cpu" and "--software" not in sys.argv:
        sys.exit("PyTorch finds no graphics card.")
    network, picture = painter(64, 9).to(place).eval(), torch.zeros(1, 3, 256, 256, device=place)
    with torch.no_grad():
        painting = timed(place, lambda: network(picture).cpu())
    print(json.dumps({"torch": torch.__version__, "device": torch.cuda.get_device_name() if place.type == "cuda" else place.type,
                      "painting_ms": painting, "dcgan_step_ms": timed(place, dcgan(64, 64, place))}))


if __name__ == "__main__":
    main()
