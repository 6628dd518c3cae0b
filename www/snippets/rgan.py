# pip install torch safetensors
import json
import torch
import torch.nn.functional as F
from safetensors import safe_open

with safe_open('generator.safetensors', 'pt') as file:
    sizes = json.loads(file.metadata()['generator'])
    weights = {name: file.get_tensor(name) for name in file.keys()}

inputs, hidden = weights['lstm.weight_ih_l0'].shape[1], weights['lstm.weight_hh_l0'].shape[1]
lstm = torch.nn.LSTM(inputs, hidden, batch_first=True)
lstm.load_state_dict({name[5:]: values for name, values in weights.items() if name.startswith('lstm.')})


def generator(latent, label=None):
    """latent [n, held + steps * own], standard normals; label [n], where it knows classes -> sequences [n, steps, values], in the unit of the data"""
    n, steps = len(latent), sizes['steps']
    kept, fresh = latent[:, :sizes['held']], latent[:, sizes['held']:]
    parts = [fresh.reshape(n, steps, sizes['own']), kept[:, None].expand(-1, steps, -1)]
    if sizes['classes']:
        parts.append(F.one_hot(label, sizes['classes']).float()[:, None].expand(-1, steps, -1))
    x, _ = lstm(torch.cat(parts, 2))
    x = F.linear(x, weights['output.weight'], weights['output.bias']).tanh()
    scale = torch.tensor(sizes['scale'] or [[0.0, 1.0]])
    return x * scale[:, 1] + scale[:, 0]


label = torch.arange(16) % sizes['classes'] if sizes['classes'] else None
with torch.no_grad():
    samples = generator(torch.randn(16, sizes['held'] + sizes['steps'] * sizes['own']), label)
print(samples.shape)
