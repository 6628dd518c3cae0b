# pip install torch safetensors
import json
import torch
import torch.nn.functional as F
from safetensors import safe_open

with safe_open('generator.safetensors', 'pt') as file:
    sizes = json.loads(file.metadata()['generator'])
    weights = {name: file.get_tensor(name) for name in file.keys()}


def layer(apply, x, name, **options):
    return apply(x, weights[f'{name}.weight'], weights[f'{name}.bias'], **options)


def generator(picture, yaw, noise):
    """picture [n, 3, side, side] from -1 to 1, yaw [n, 1] in degrees, noise [n, noise_dim] from -1 to 1 -> the person at that yaw"""
    x = picture
    for at, stride in enumerate(sizes['strides']):
        x = F.elu(layer(F.conv2d, x, f'encoder.conv.{at}', stride=stride, padding=1))
    features = layer(F.conv2d, x, f"encoder.conv.{len(sizes['strides'])}").mean([2, 3])
    pose = F.elu(layer(F.linear, yaw.deg2rad(), 'decoder.yaw'))
    x = F.elu(layer(F.linear, torch.cat([features, pose, noise], 1), 'decoder.fc'))
    x = x.reshape(-1, sizes['start'][0], sizes['start'][1], sizes['start'][1])
    for at in range(sum(name.startswith('decoder.conv') for name in weights) // 2):
        if at in sizes['doublings']:
            x = layer(F.conv_transpose2d, x, f'decoder.conv.{at}', stride=2, padding=1, output_padding=1)
        else:
            x = layer(F.conv2d, x, f'decoder.conv.{at}', padding=1)
        x = F.elu(x)
    return layer(F.conv_transpose2d, x, 'decoder.out', stride=2, padding=1).tanh()


side = sizes['side']
face = generator(torch.zeros(1, 3, side, side), torch.tensor([[30.0]]), torch.zeros(1, sizes['noise_dim']))
print(face.shape)
