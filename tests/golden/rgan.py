"""An LSTM forward, and ten training steps of the recurrent GAN in PyTorch, plain and conditional: tests/rgan.rs takes the same.

Writes rgan.safetensors beside this file: initial weights (ours are [inputs, outputs], with one bias where PyTorch has two), the
sequences, latents and classes of every step (steps first), both losses of every step, the generator's weights after them.
Run: python3 tests/golden/rgan.py
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import softplus

STEPS, LENGTH, BATCH, LATENT, HELD, DIMS, HIDDEN, CLASSES = 10, 7, 6, 2, 3, 2, 5, 3


class Recurrent(nn.Module):
    def __init__(self, inputs, outputs, bounded):
        super().__init__()
        self.lstm, self.output, self.bounded = nn.LSTM(inputs, HIDDEN), nn.Linear(HIDDEN, outputs), bounded
        # One bias learns in ours: of PyTorch's two, the other stays at 0.
        nn.init.zeros_(self.lstm.bias_hh_l0).requires_grad_(False)

    def forward(self, x):
        out = self.output(self.lstm(x)[0])
        return torch.tanh(out) if self.bounded else out

    def weights(self):
        lstm, plain = self.lstm, lambda tensor: tensor.detach().clone().contiguous()
        yield "lstm.weight_input", plain(lstm.weight_ih_l0.T)
        yield "lstm.weight_hidden", plain(lstm.weight_hh_l0.T)
        yield "lstm.bias", plain(lstm.bias_ih_l0)
        yield "output.weight", plain(self.output.weight.T)
        yield "output.bias", plain(self.output.bias)


def run(name, classes, out):
    generator, discriminator = Recurrent(LATENT + HELD + classes, DIMS, True), Recurrent(DIMS + classes, 1, False)
    out |= {f"{name}.generator.{key}": value for key, value in generator.weights()}
    out |= {f"{name}.discriminator.{key}": value for key, value in discriminator.weights()}
    # The paper's: plain gradient descent for the discriminator, Adam for the generator.
    optimizer_d = torch.optim.SGD(discriminator.parameters(), lr=0.1)
    optimizer_g = torch.optim.Adam((p for p in generator.parameters() if p.requires_grad), lr=1e-2)
    real = torch.randn(STEPS, LENGTH, BATCH, DIMS)
    latent = {who: torch.randn(STEPS, LENGTH, BATCH, LATENT + HELD) for who in "dg"}
    labels = torch.randint(max(classes, 1), (STEPS, BATCH))
    hot = nn.functional.one_hot(labels, max(classes, 1)).float()[:, None, :, :classes].expand(STEPS, LENGTH, BATCH, classes)
    beside = lambda values, step: torch.cat([values, hot[step]], 2)
    losses = []
    for step in range(STEPS):
        optimizer_d.zero_grad()
        fake = generator(beside(latent["d"][step], step)).detach()
        loss_d = softplus(-discriminator(beside(real[step], step))).mean() + softplus(discriminator(beside(fake, step))).mean()
        loss_d.backward()
        optimizer_d.step()
        optimizer_g.zero_grad()
        loss_g = softplus(-discriminator(beside(generator(beside(latent["g"][step], step)), step))).mean()
        loss_g.backward()
        optimizer_g.step()
        losses.append([loss_d.item(), loss_g.item()])
    out |= {f"{name}.real": real, f"{name}.latent_d": latent["d"], f"{name}.latent_g": latent["g"], f"{name}.labels": labels.float()}
    out |= {f"{name}.losses": torch.tensor(losses)}
    out |= {f"{name}.after.{key}": value for key, value in generator.weights()}
    out |= {f"{name}.made": generator(beside(latent["g"][0], 0)).detach()}


if __name__ == "__main__":
    torch.manual_seed(13)
    torch.set_num_threads(1)
    out = {}
    run("plain", 0, out)
    run("conditional", CLASSES, out)
    save_file(out, Path(__file__).with_name("rgan.safetensors"))
