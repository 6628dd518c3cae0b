#!/usr/bin/env python3
"""Second of DR-GAN's trainings: encoder, decoder and discriminator together, as in the paper.

    python3 training/drgan_joint.py --data runs/faces --teachers PACKAGE --recogniser runs/faces-recogniser/checkpoint.pt \
        --out runs/faces-drgan --steps 40000

The encoder begins as faces_recogniser.py left it, with its norms' statistics as they are. A step takes some people; of each, one photo or several
that are fused (the paper's equation 7), and another view of that photo or person as what is asked for. Losses:
- pixels: L1 to the asked view, which for a turned photo the generic head shows (the pairs of 300W-LP, used as TP-GAN uses Multi-PIE's;
  Huang et al. 2017), a quarter as strong where the views are of two photos;
- content: L1 between frozen features of both (Johnson et al. 2016), and `projected`: heads on those features judge (projected_gan.py);
- likeness: the cosine between what a teacher (face_teachers.py) says of the made face and of the person's photos, where the face is turned by less
  than 60 degrees: the teacher knows no profiles;
- the paper's three verdicts of the discriminator: who it is (with the later code's margin), yaw, real or fake;
- of the encoder, what faces_recogniser.py asks of it, so that it stays what it is.
"""

import argparse
import copy
import pathlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import loop
from diff_augment import Augmentation
from drgan_networks import IDENTITY, NOISE, WIDE_DECODER, WIDE_START, Decoder, Discriminator, initialize
from face_teachers import FaceFeatures
from faces_batch import Faces
from faces_pairs import Pairs
from faces_recogniser import Recogniser, chip, margin_softmax, teach
from pictures import save_sheet
from projected_gan import MIXED, FrozenFeatures, RandomMixing, head

SHEET_YAWS = np.radians([-90, -67.5, -45, -22.5, 0, 22.5, 45, 67.5, 90])
KNOWN_YAW = np.radians(60)  # what the teacher knows
CONTENT = (0, 1, 2)  # scales of the content loss: strides 4, 8, 16


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--recogniser", required=True, help="checkpoint of faces_recogniser.py")
    p.add_argument("--encoder-rate", type=float, default=2e-4)
    p.add_argument("--lambda-encoder", type=float, nargs=2, default=(2.0, 0.15), help="teacher, people")
    return read_options(p)


def read_options(p, **defaults):
    """What a training of the decoder is told besides."""
    p.add_argument("--data", required=True, help="folder that faces_pack.py wrote")
    p.add_argument("--teachers", required=True, help="folder of the package that face_teachers.py reads")
    p.add_argument("--out", required=True)
    p.add_argument("--steps", type=int, required=True)
    p.add_argument("--falls-from", type=int, help="step from which on the learning rates fall; half of them")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--batch", type=int, default=8, help="people a step")
    p.add_argument("--judge-every", type=int, default=2, help="teacher and discriminator look, and it learns, on every n-th step")
    p.add_argument("--learning-rate", type=float, default=1e-3)
    p.add_argument("--projected-rate", type=float, default=2e-4)
    p.add_argument("--gan-from", type=int, default=2000, help="step from which on heads and discriminator teach")
    p.add_argument("--lambda-pixels", type=float, default=4.0)
    p.add_argument("--lambda-content", type=float, default=1.0)
    p.add_argument("--lambda-projected", type=float, default=0.4)
    p.add_argument("--lambda-likeness", type=float, default=1.0)
    p.add_argument("--lambda-verdicts", type=float, nargs=3, default=(0.03, 0.5, 0.1), help="identity, yaw, real or fake")
    p.add_argument("--projected-levels", type=float, nargs=4, default=(1.0, 1.0, 1.0, 0.5), help="weights of strides 4, 8, 16, 32")
    p.add_argument("--average", type=float, default=0.999)
    loop.options(p)
    p.set_defaults(**defaults)
    o = p.parse_args()
    o.falls_from = o.steps // 2 if o.falls_from is None else o.falls_from
    return o


def channels_last(pictures):
    return pictures.contiguous(memory_format=torch.channels_last)


def fused(features, confidence, asked):
    """Over each person's sources; `owner` says whose each is."""
    n = len(asked.target)
    total = torch.zeros(n, 1).index_add(0, asked.owner, confidence)
    return torch.zeros(n, features.shape[1]).index_add(0, asked.owner, confidence * features) / total


class Critic(nn.Module):
    """Heads on frozen, mixed features."""

    def __init__(self, o, random):
        super().__init__()
        self.levels, self.features, self.mixing = o.projected_levels, FrozenFeatures(), RandomMixing(random)
        with torch.random.fork_rng():
            torch.manual_seed(o.seed)
            self.heads = nn.ModuleList(head(c) for c in MIXED)

    @torch.no_grad()
    def measure(self, pictures):
        self.mixing.deviations.copy_(torch.stack([f.std() for f in self.features(pictures)]))

    def scores(self, mixed, of):
        return sum(w * of(h(m)) for w, h, m in zip(self.levels, self.heads, mixed)) / sum(self.levels)


class DrGan(loop.Resumable):
    """The networks, their optimizers and one training step."""

    def __init__(self, o, people, wanted):
        self.o, self.wanted, self.steps, self.seconds = o, wanted, 0, 0.0
        random = torch.Generator().manual_seed(o.seed)
        groups = self.networks(people, random)
        self.critic = Critic(o, random).to(memory_format=torch.channels_last)
        self.teacher, self.precision = FaceFeatures(o.teachers), loop.precision(o)
        self.optimizer_g = torch.optim.AdamW(groups, o.learning_rate, (0.5, 0.99), weight_decay=1e-4)
        self.optimizer_d = torch.optim.AdamW(self.discriminator.parameters(), o.learning_rate, (0.5, 0.99), weight_decay=1e-4)
        self.optimizer_c = torch.optim.Adam(self.critic.heads.parameters(), o.projected_rate, (0.0, 0.99))
        self.random = np.random.default_rng(o.seed)

    def networks(self, people, random):
        """Makes them; what the first optimizer learns, and how fast."""
        make = lambda network: initialize(network, random).to(memory_format=torch.channels_last)
        self.recogniser = Recogniser(people, random).to(memory_format=torch.channels_last)
        self.recogniser.load_state_dict(torch.load(self.o.recogniser, weights_only=False)["average"])
        self.recogniser.eval()
        self.decoder, self.discriminator = make(Decoder(WIDE_START, WIDE_DECODER)), make(Discriminator(people))
        with torch.no_grad():
            self.decoder.out.weight.mul_(0.2)
        self.average_encoder, self.average_decoder = copy.deepcopy(self.recogniser.encoder), copy.deepcopy(self.decoder)
        self.averages = (self.average_encoder, self.recogniser.encoder), (self.average_decoder, self.decoder)
        return [{"params": self.decoder.parameters(), "pace": 1.0},
                {"params": self.recogniser.parameters(), "pace": self.o.encoder_rate / self.o.learning_rate}]

    def parts(self):
        names = ("recogniser", "decoder", "discriminator", "average_encoder", "average_decoder", "optimizer_g", "optimizer_d", "optimizer_c")
        return {name: getattr(self, name) for name in names} | {"heads": self.critic.heads, "mixing": self.critic.mixing}

    def noise(self, n):
        return torch.from_numpy(self.random.uniform(-1, 1, (n, NOISE))).float()

    def step(self, asked):
        """One step; the losses by name."""
        o = self.o
        self.set_rates()
        judging, adversarial = self.steps % o.judge_every == 0, self.steps >= o.gan_from
        made, losses = self.make(asked)
        losses |= self.compare(made, asked)
        losses |= self.look(made, asked, adversarial)
        if judging:
            losses |= self.liken(made, asked) | self.verdicts(made, asked, adversarial)
        self.optimizer_g.zero_grad(set_to_none=True)
        sum(weight * loss for weight, loss in losses.values()).backward()
        for group in self.optimizer_g.param_groups:
            nn.utils.clip_grad_norm_(group["params"], 5.0)
        self.optimizer_g.step()
        learned = self.judge()
        if judging:
            learned |= self.step_discriminator(asked, made.detach(), adversarial)
        self.follow()
        self.steps += 1
        return {name: loss.item() for name, (_, loss) in losses.items()} | {name: loss.item() for name, loss in learned.items()}

    def make(self, asked):
        """What is asked for, and what it costs the encoder."""
        with self.precision:
            features, confidence = self.recogniser.encoder(channels_last(asked.source))
            made = self.decoder(fused(features, confidence, asked), asked.yaw, self.noise(len(asked.target)))
        return made, self.encode(features, asked)

    def compare(self, made, asked):
        trust, away = 0.25 + 0.75 * asked.exact, (made - asked.target).abs() * asked.weight
        return {"pixels": (self.o.lambda_pixels, (trust * away.mean((1, 2, 3))).mean())}

    def encode(self, features, asked):
        found = self.recogniser.losses(features[:, :IDENTITY], asked.person[asked.owner], self.wanted["people"])
        weights = self.o.lambda_encoder
        return {"e_teacher": (weights[0], found["teacher"]), "e_people": (weights[1], found["people"])}

    def look(self, made, asked, adversarial):
        """Content and the heads' verdict; keeps what `judge` will look at."""
        critic, change = self.critic, Augmentation(self.random)
        with torch.no_grad():
            wanted = critic.features(channels_last(asked.target))
            real = critic.mixing(critic.features(channels_last(change(asked.target))))
        plain = critic.features(made)
        trust = (0.25 + 0.75 * asked.exact).view(-1, 1, 1, 1)
        content = sum((trust * (plain[at] - wanted[at]).abs()).mean() / critic.mixing.deviations[at] for at in CONTENT)
        losses = {"content": (self.o.lambda_content, content)}
        if adversarial:
            mixed = critic.mixing(critic.features(change(made)))
            critic.heads.requires_grad_(False)
            losses["projected"] = (self.o.lambda_projected, critic.scores(mixed, lambda s: -s.mean()))
            critic.heads.requires_grad_(True)
        else:
            with torch.no_grad():
                mixed = critic.mixing(plain)
        self.seen = real, [m.detach() for m in mixed]
        return losses

    def judge(self):
        real, made = self.seen
        loss = self.critic.scores(real, lambda s: F.relu(1 - s).mean()) + self.critic.scores(made, lambda s: F.relu(1 + s).mean())
        self.optimizer_c.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer_c.step()
        return {"heads": loss}

    def liken(self, made, asked):
        known = torch.nonzero(asked.yaw[:, 0].abs() < KNOWN_YAW)[:, 0]
        if not len(known):
            return {}
        found = F.normalize(self.teacher(chip(made[known]))) - self.wanted["mean"]
        away = 1 - F.cosine_similarity(found, self.wanted["people"][asked.person[known]])
        return {"likeness": (self.o.lambda_likeness * self.o.judge_every, away.mean())}

    def verdicts(self, made, asked, adversarial):
        if not adversarial:
            return {}
        self.discriminator.requires_grad_(False)
        # Real ones pass with them: batch norm would give the made alone a mean verdict.
        n = len(made)
        with self.precision:
            cosines, yaw, real = (found[:n] for found in self.discriminator(channels_last(torch.cat([made, asked.target]))))
        self.discriminator.requires_grad_(True)
        losses = self.recognise(cosines, asked.person), F.mse_loss(yaw, asked.yaw), F.softplus(-real).mean()
        return {name: (self.o.judge_every * weight, loss) for name, weight, loss in zip(("g_identity", "g_yaw", "g_real"), self.o.lambda_verdicts, losses)}

    def recognise(self, cosines, person):
        return margin_softmax(cosines, person)

    def step_discriminator(self, asked, made, adversarial):
        with self.precision:
            cosines, yaw, real = self.discriminator(channels_last(torch.cat([asked.target, made])))
        n = len(made)
        # Label 0.9 for real (one-sided smoothing; Salimans et al. 2016).
        verdict = 0.9 * F.softplus(-real[:n]).mean() + 0.1 * F.softplus(real[:n]).mean() + F.softplus(real[n:]).mean()
        losses = {"d_identity": self.recognise(cosines[:n], asked.person), "d_yaw": F.mse_loss(yaw[:n], asked.yaw), "d_real": verdict}
        self.optimizer_d.zero_grad(set_to_none=True)
        (0.3 * losses["d_identity"] + 2 * losses["d_yaw"] + losses["d_real"]).backward()
        nn.utils.clip_grad_norm_(self.discriminator.parameters(), 5.0)
        self.optimizer_d.step()
        return losses

    @torch.no_grad()
    def follow(self):
        """Moves the averages, batch statistics and all; faster at first."""
        decay = min(self.o.average, (1 + self.steps) / (10 + self.steps))
        for average, network in self.averages:
            for mean, value in zip(average.state_dict().values(), network.state_dict().values()):
                if mean.is_floating_point():
                    mean.lerp_(value, 1 - decay)

    def set_rates(self):
        o = self.o
        left = (o.steps - self.steps) / max(1, o.steps - o.falls_from)
        rate = min(1.0, 0.1 + self.steps / 200) * max(0.02, min(1.0, left))
        for group in self.optimizer_g.param_groups:
            group["lr"] = o.learning_rate * group["pace"] * rate
        for optimizer, full in ((self.optimizer_d, 0.4 * o.learning_rate), (self.optimizer_c, o.projected_rate)):
            for group in optimizer.param_groups:
                group["lr"] = full * rate

    @torch.no_grad()
    def turns(self, picture, yaws):
        """A picture [1, 3, 96, 96] turned to each yaw [n, 1], by the averages."""
        features, _ = self.average_encoder.eval()(picture)
        return self.average_decoder.eval()(features.expand(len(yaws), -1), yaws, torch.zeros(len(yaws), NOISE))


def write_sheet(model, faces, path):
    """A row: a test photo and its turns."""
    yaws, rows = torch.tensor(SHEET_YAWS, dtype=torch.float32)[:, None], []
    for at in faces.tests[:: len(faces.tests) // 12][:12]:
        picture = torch.from_numpy(faces.real[at][None, :3, 8:104, 8:104].astype(np.float32)) / 127.5 - 1
        rows.append([picture, *model.turns(picture, yaws).split(1)])
    save_sheet(rows, path)


def train(o, kind):
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    out = pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    faces = Faces(o.data, np.random.default_rng(o.seed))
    wanted = teach(faces, FaceFeatures(o.teachers), out / "teacher.pt")
    model, checkpoint = kind(o, len(faces.people), wanted), out / "checkpoint.pt"
    faces.random = model.random
    pairs = Pairs(faces)
    model.critic.measure(pairs.draw(16).target)
    if checkpoint.exists():
        model.load(checkpoint)
    loop.run(model, o, out, lambda: model.step(pairs.draw(o.batch)), lambda path: write_sheet(model, faces, path), report_every=50)


if __name__ == "__main__":
    train(parse_arguments(), DrGan)
