"""Ten training steps of the plain GAN in PyTorch, for every loss: tests/gan.rs takes the same steps from the same weights.

Writes gan.safetensors beside this file: for each loss the initial weights (ours are [inputs, outputs]), the batches and latents,
both losses of every step, and the generator's weights after them. Run: python3 tests/golden/gan.py
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import relu, softplus

STEPS, BATCH, LATENT, HIDDEN = 10, 16, 3, 8
SMOOTHING, CLIP = 0.1, 0.1


def mlp(inputs, outputs):
    layers = [nn.Linear(inputs, HIDDEN), nn.LeakyReLU(0.2), nn.Linear(HIDDEN, HIDDEN), nn.LeakyReLU(0.2), nn.Linear(HIDDEN, outputs)]
    return nn.Sequential(*layers)


def weights(network):
    linears = [layer for layer in network if isinstance(layer, nn.Linear)]
    for index, layer in enumerate(linears):
        yield f"layers.{index}.weight", layer.weight.detach().T.contiguous().clone()
        yield f"layers.{index}.bias", layer.bias.detach().clone()


LOSSES = {
    "non_saturating": (
        lambda real, fake: (softplus(-real) * (1 - SMOOTHING) + softplus(real) * SMOOTHING).mean() + softplus(fake).mean(),
        lambda fake: softplus(-fake).mean(),
    ),
    "least_squares": (
        lambda real, fake: 0.5 * (((real - (1 - SMOOTHING)) ** 2).mean() + (fake**2).mean()),
        lambda fake: 0.5 * ((fake - 1) ** 2).mean(),
    ),
    "hinge": (lambda real, fake: relu(1 - real).mean() + relu(1 + fake).mean(), lambda fake: -fake.mean()),
    "wasserstein": (lambda real, fake: fake.mean() - real.mean(), lambda fake: -fake.mean()),
}


def run(name, loss_d, loss_g, out):
    generator, discriminator = mlp(LATENT, 2), mlp(2, 1)
    out |= {f"{name}.generator.{key}": value for key, value in weights(generator)}
    out |= {f"{name}.discriminator.{key}": value for key, value in weights(discriminator)}
    # Adam divides by the gradient's size: where the last bias has the gradient 1 - 1 = 0, it would follow rounding alone.
    adam = lambda network: torch.optim.Adam(network.parameters(), lr=1e-2, betas=(0.5, 0.99))
    sgd = lambda network: torch.optim.SGD(network.parameters(), lr=1e-2)
    optimizer_g, optimizer_d = map(sgd if name in ("hinge", "wasserstein") else adam, (generator, discriminator))
    real, latent_d, latent_g = (torch.randn(STEPS, BATCH, n) for n in (2, LATENT, LATENT))
    losses = []
    for step in range(STEPS):
        optimizer_d.zero_grad()
        made = generator(latent_d[step]).detach()
        d = loss_d(discriminator(real[step]), discriminator(made))
        d.backward()
        optimizer_d.step()
        if name == "wasserstein":
            with torch.no_grad():
                for parameter in discriminator.parameters():
                    parameter.clamp_(-CLIP, CLIP)
        optimizer_g.zero_grad()
        g = loss_g(discriminator(generator(latent_g[step])))
        g.backward()
        optimizer_g.step()
        losses.append([d.item(), g.item()])
    out |= {f"{name}.real": real, f"{name}.latent_d": latent_d, f"{name}.latent_g": latent_g, f"{name}.losses": torch.tensor(losses)}
    out |= {f"{name}.after.{key}": value for key, value in weights(generator)}


if __name__ == "__main__":
    torch.manual_seed(11)
    torch.set_num_threads(1)
    out = {}
    for name, pair in LOSSES.items():
        run(name, *pair, out)
    save_file(out, Path(__file__).with_name("gan.safetensors"))
