# pip install torch safetensors
import json
import torch
import torch.nn.functional as F
from safetensors import safe_open

with safe_open('generator.safetensors', 'pt') as file:
    sizes = json.loads(file.metadata()['generator'])
    weights = {name: file.get_tensor(name).float() for name in file.keys()}


def conv(x, layer, mirror=0, **options):
    x = F.pad(x, [mirror] * 4, mode='reflect')
    return F.conv2d(x, weights[f'model.{layer}.weight'], weights[f'model.{layer}.bias'], **options)


def double(x, layer):
    if sizes['upsample'] == 'resize':
        return conv(F.interpolate(x, scale_factor=2), layer, mirror=1)
    return F.conv_transpose2d(x, weights[f'model.{layer}.weight'], stride=2, padding=1, output_padding=1)


def generator(picture):
    """picture [n, 3, height, width] from -1 to 1, sides multiples of 4 -> the same"""
    blocks, norm = sizes['blocks'], F.instance_norm
    x = norm(conv(picture, 1, mirror=3)).relu()
    for layer in [4, 7]:
        x = norm(conv(x, layer, stride=2, padding=1)).relu()
    for block in range(10, 10 + blocks):
        y = norm(conv(x, f'{block}.conv_block.1', mirror=1)).relu()
        x = x + norm(conv(y, f'{block}.conv_block.5', mirror=1))
    for layer in [10 + blocks, 13 + blocks]:
        x = norm(double(x, layer)).relu()
    x = conv(x, 17 + blocks, mirror=3)
    if sizes['canvas'] == 'picture':
        return (picture * weights['skip.weight'] + x).clamp(-1, 1)
    if sizes['canvas'] == 'underpainting':
        broad = F.avg_pool2d(picture, 8, ceil_mode=True, count_include_pad=False)
        broad = F.interpolate(broad, scale_factor=8, mode='bilinear')[..., :x.shape[2], :x.shape[3]]
        x = x + broad.clamp(-0.96, 0.96).atanh()
    return x.tanh()


with torch.no_grad():
    painting = generator(torch.zeros(1, 3, 256, 256))
print(painting.shape)
