"""Ten training steps of DCGAN, of AC-GAN, and of AC-GAN without norms but with R1 in PyTorch: tests/pictures.rs takes the same steps from the same weights.

Writes acgan.safetensors beside this file: for each the initial weights, the pictures, latents and classes of every step, both
losses, the generator's weights after them; and digits that PyTorch makes with the shipped weights. Run: python3 tests/golden/acgan.py
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy, one_hot, softplus

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))
from acgan import PENALTY_EVERY  # noqa: E402
from dcgan_networks import Discriminator, Generator, initialize  # noqa: E402

STEPS, BATCH, LATENT, WIDTH, SIDE, CLASSES = 10, 6, 3, 2, 28, 3


def weights(network):
    # Ours keep a layer's matrix as [inputs, outputs].
    for name, value in network.state_dict().items():
        if "num_batches" not in name:
            yield name, (value.T if value.dim() == 2 else value).detach().clone().contiguous()


def run(name, classes, out, r1=0.0):
    random = torch.Generator().manual_seed(3)
    generator = initialize(Generator(LATENT, classes, SIDE, 1, WIDTH), random, 0.1)
    discriminator = initialize(Discriminator(classes, SIDE, 1, WIDTH, norms=not r1), random, 0.1)
    # Where a bias is 0 and nothing reaches a pixel, a leaky ReLU stands exactly at its kink, whose slope is a matter of taste.
    for network in (generator, discriminator):
        for key, parameter in network.named_parameters():
            if key.endswith("bias"):
                torch.nn.init.normal_(parameter, 0.0, 0.1, generator=random)
    out |= {f"{name}.generator.{key}": value for key, value in weights(generator)}
    out |= {f"{name}.discriminator.{key}": value for key, value in weights(discriminator)}
    optimizers = [torch.optim.SGD(network.parameters(), lr=1e-2) for network in (generator, discriminator)]
    # Two batches by turns: pictures are most of the file.
    real = (torch.rand(2, BATCH, 1, SIDE, SIDE) * 2 - 1).repeat(STEPS // 2, 1, 1, 1, 1)
    latent = {who: torch.randn(STEPS, BATCH, LATENT) for who in "dg"}
    labels = {who: torch.randint(max(classes, 1), (STEPS, BATCH)) for who in "rdg"}
    given = lambda who, step: torch.cat([latent[who][step], one_hot(labels[who][step], max(classes, 1)).float()[:, :classes]], 1)
    naming = lambda logits, who, step: cross_entropy(logits, labels[who][step]) if classes else 0.0
    losses = []
    for step in range(STEPS):
        optimizers[1].zero_grad()
        with torch.no_grad():
            # Only the generator's own step gathers moments in ours.
            kept = [value.clone() for value in generator.buffers()]
            fake = generator(given("d", step))
            for value, old in zip(generator.buffers(), kept):
                value.copy_(old)
        (source_real, class_real), (source_fake, class_fake) = discriminator(real[step]), discriminator(fake)
        loss_d = softplus(-source_real).mean() + softplus(source_fake).mean()
        loss_d = loss_d + naming(class_real, "r", step) + naming(class_fake, "d", step)
        if r1 and step % PENALTY_EVERY == 0:
            seen = real[step].clone().requires_grad_()
            gradient = torch.autograd.grad(discriminator(seen)[0].sum(), seen, create_graph=True)[0]
            loss_d = loss_d + PENALTY_EVERY * r1 / 2 * gradient.square().sum((1, 2, 3)).mean()
        loss_d.backward()
        optimizers[1].step()
        optimizers[0].zero_grad()
        source, logits = discriminator(generator(given("g", step)))
        loss_g = softplus(-source).mean() + naming(logits, "g", step)
        loss_g.backward()
        optimizers[0].step()
        losses.append([loss_d.item(), loss_g.item()])
    out |= {f"{name}.real": real[:2].clone(), f"{name}.losses": torch.tensor(losses)}
    out |= {f"{name}.latent_{who}": value for who, value in latent.items()}
    out |= {f"{name}.labels_{who}": value.float() for who, value in labels.items()}
    out |= {f"{name}.after.{key}": value for key, value in weights(generator) if "running" not in key}


def shipped(out):
    state = load_file(Path(__file__).parents[2] / "www/public/models/digits.safetensors")
    latent_dim, width = state["project.weight"].shape[1] - 10, state["doublings.0.weight"].shape[1]
    generator = Generator(latent_dim, 10, width=width).eval()
    generator.load_state_dict({name: value.float() for name, value in state.items()}, strict=False)
    latent, labels = torch.randn(4, latent_dim), torch.tensor([0, 3, 5, 8])
    with torch.no_grad():
        made = generator(torch.cat([latent, one_hot(labels, 10).float()], 1))
    out |= {"shipped.latent": latent, "shipped.labels": labels.float(), "shipped.made": made}


if __name__ == "__main__":
    torch.manual_seed(17)
    torch.set_num_threads(1)
    out = {}
    for name, classes, r1 in (("dcgan", 0, 0.0), ("acgan", CLASSES, 0.0), ("penalty", CLASSES, 0.5)):
        run(name, classes, out, r1)
    shipped(out)
    save_file(out, Path(__file__).with_name("acgan.safetensors"))
