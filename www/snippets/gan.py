# pip install torch safetensors
import json
import torch
import torch.nn.functional as F
from safetensors import safe_open

with safe_open('generator.safetensors', 'pt') as file:
    sizes = json.loads(file.metadata()['generator'])
    weights = {name: file.get_tensor(name) for name in file.keys()}


def generator(latent):
    """latent [n, latent_dim], standard normals -> points [n, 2], or pictures [n, 1, side, side] from -1 to 1"""
    x = latent
    for at in range(sizes['layers']):
        x = F.linear(x, weights[f'layers.{at}.weight'], weights[f'layers.{at}.bias'])
        if at + 1 < sizes['layers']:
            x = F.leaky_relu(x, 0.2)
    side = sizes['side']
    return x if side is None else x.tanh().reshape(-1, 1, side, side)


samples = generator(torch.randn(16, sizes['latent_dim']))
print(samples.shape)
