"""Ten training steps of the plain GAN in PyTorch, for every loss and every regulariser: tests/gan.rs takes the same steps from the same weights.

Writes gan.safetensors beside this file: for each loss the initial weights (ours are [inputs, outputs]), the batches and latents,
both losses of every step, and the generator's weights after them; for spectral normalisation also its first directions. Run: python3 tests/golden/gan.py
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import relu, softplus
from torch.nn.utils.parametrizations import spectral_norm

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


PAIRING = (
    lambda real, fake: (softplus(fake - real) * (1 - SMOOTHING) + softplus(real - fake) * SMOOTHING).mean(),
    lambda fake, real: softplus(real - fake).mean(),
)

# Name: losses, weight of R1, weight of R2, spectral norm.
REGULARISED = {
    "r1": (LOSSES["non_saturating"], 0.5, 0, False),
    "r2": (LOSSES["non_saturating"], 0, 0.5, False),
    "relativistic": (PAIRING, 0, 0, False),
    "r3gan": (PAIRING, 0.3, 0.2, False),
    "spectral": (LOSSES["hinge"], 0, 0, True),
    "spectral_r1": (LOSSES["hinge"], 0.5, 0, True),
}


def run_regularised(name, losses, r1, r2, spectral, out):
    loss_d, loss_g = losses
    generator, discriminator = mlp(LATENT, 2), mlp(2, 1)
    out |= {f"{name}.generator.{key}": value for key, value in weights(generator)}
    out |= {f"{name}.discriminator.{key}": value for key, value in weights(discriminator)}
    linears = [layer for layer in discriminator if isinstance(layer, nn.Linear)]
    if spectral:
        for index, layer in enumerate(linears):
            spectral_norm(layer)
            followed = layer.parametrizations.weight[0]
            out |= {f"{name}.directions.{index}.u": followed._u.clone(), f"{name}.directions.{index}.v": followed._v.clone()}
    # SGD throughout: under pairing the last bias has the gradient 0.
    optimizer_g, optimizer_d = (torch.optim.SGD(network.parameters(), lr=1e-2) for network in (generator, discriminator))
    real, beside, latent_d, latent_g = (torch.randn(STEPS, BATCH, n) for n in (2, 2, LATENT, LATENT))
    losses = []
    for step in range(STEPS):
        optimizer_d.zero_grad()
        seen = torch.cat([real[step], generator(latent_d[step]).detach()]).requires_grad_()
        # One pass, so that one power iteration is taken.
        discriminator.train()
        logits = discriminator(seen)
        d = loss_d(logits[:BATCH], logits[BATCH:])
        for gamma, side in ((r1, slice(0, BATCH)), (r2, slice(BATCH, None))):
            if gamma:
                # The gradient itself is differentiated again: what our forward pass for it is held against.
                (gradient,) = torch.autograd.grad(logits.sum(), seen, create_graph=True)
                d = d + gamma / 2 * (gradient[side] ** 2).sum(1).mean()
        d.backward()
        optimizer_d.step()
        optimizer_g.zero_grad()
        discriminator.eval()
        made = discriminator(generator(latent_g[step]))
        g = loss_g(made, discriminator(beside[step])) if loss_g is PAIRING[1] else loss_g(made)
        g.backward()
        optimizer_g.step()
        losses.append([d.item(), g.item()])
    out |= {f"{name}.real": real, f"{name}.beside": beside, f"{name}.latent_d": latent_d, f"{name}.latent_g": latent_g}
    out |= {f"{name}.losses": torch.tensor(losses)} | {f"{name}.after.{key}": value for key, value in weights(generator)}


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
    for name, (pair, r1, r2, spectral) in REGULARISED.items():
        run_regularised(name, pair, r1, r2, spectral, out)
    save_file(out, Path(__file__).with_name("gan.safetensors"))
