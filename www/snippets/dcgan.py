# pip install torch safetensors
import json
import torch
import torch.nn.functional as F
from safetensors import safe_open

with safe_open('generator.safetensors', 'pt') as file:
    sizes = json.loads(file.metadata()['generator'])
    weights = {name: file.get_tensor(name) for name in file.keys()}


def generator(latent, label=None):
    """latent [n, latent_dim], standard normals; label [n], where it knows classes -> pictures [n, channels, side, side] from -1 to 1"""
    if sizes['classes']:
        latent = torch.cat([latent, F.one_hot(label, sizes['classes']).float()], 1)
    start = sizes['side'] >> sizes['doublings']
    x = F.linear(latent, weights['project.weight'], weights['project.bias']).reshape(len(latent), -1, start, start)
    for at in range(sizes['doublings']):
        norm = {name: weights[f'norms.{at}.{name}'] for name in ['running_mean', 'running_var', 'weight', 'bias']}
        x = F.batch_norm(x, **norm).relu()
        x = F.conv_transpose2d(x, weights[f'doublings.{at}.weight'], weights.get(f'doublings.{at}.bias'), stride=2, padding=1)
    return x.tanh()


label = torch.arange(16) % sizes['classes'] if sizes['classes'] else None
samples = generator(torch.randn(16, sizes['latent_dim']), label)
print(samples.shape)
