"""Opens the generators that tests/onnx.rs and cases.mjs wrote as others would: by ONNX's own checker and runtime, and, where PyTorch is installed, by the
snippets that the page shows. Each must make the page's own samples of the same latents.

    python3 tests/onnx/check.py FOLDER
"""
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from safetensors import safe_open
from safetensors.numpy import load_file

try:
    import torch
except ImportError:
    torch = None

# The largest difference allowed, of the largest value; a painting comes rounded to whole numbers of 255.
FAR, ROUNDED = 1e-4, 0.51
SNIPPETS = pathlib.Path(__file__).parents[2] / 'www/snippets'


def named(case, kind):
    return {name[len(kind):]: values for name, values in case.items() if name.startswith(kind)}


def far(made, expected, painting):
    """How far apart, in the unit of the limit."""
    if painting:
        return np.abs((made + 1) * 127.5 - expected).max() / ROUNDED
    return np.abs(made - expected).max() / np.abs(expected).max() / FAR


def by_runtime(path, inputs):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert [entry.version for entry in model.opset_import] == [17], 'operator set 17'
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=['CPUExecutionProvider'])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, inputs), strict=True))


def by_snippet(path, family, inputs):
    """Inputs in the order of the snippet's own generator."""
    family = {'acgan': 'dcgan'}.get(family, family)
    code = (SNIPPETS / f'{family}.py').read_text().replace('generator.safetensors', str(path))
    scope = {'print': lambda *_: None}
    exec(compile(code, f'{family}.py', 'exec'), scope)
    with torch.no_grad():
        return scope['generator'](*[torch.from_numpy(values) for values in inputs.values()]).numpy()


def main(folder):
    cases = sorted(folder.glob('*.case'))
    assert len(cases) >= 18, f'{len(cases)} cases: tests/onnx.rs and cases.mjs write them'
    for place in cases:
        case = load_file(place)
        inputs, outputs = named(case, 'in.'), named(case, 'out.')
        painting = 'painting' in outputs
        if painting:
            inputs['picture'] = inputs['picture'] / 127.5 - 1
        if 'label' in inputs:
            inputs['label'] = inputs['label'].astype(np.int64)
        made = by_runtime(place.with_suffix('.onnx'), inputs)
        distances = [far(made[name], values, painting) for name, values in outputs.items()]
        expected = next(values for name, values in outputs.items() if name != 'in_units')
        weights = place.with_suffix('.weights')
        with safe_open(weights, 'np') as file:
            family = file.metadata()['family']
        whole = not painting or all(side % 4 == 0 and side >= 16 for side in expected.shape[2:])
        if torch and whole:
            order = {'picture': 0, 'latent': 0, 'label': 1, 'yaw': 1, 'noise': 2}
            inputs = dict(sorted(inputs.items(), key=lambda entry: order[entry[0]]))
            distances.append(far(by_snippet(weights, family, inputs), expected, painting))
        said = ', '.join(f'{distance:.3f}' for distance in distances)
        print(f'{place.stem:24} {said} of the difference that is allowed')
        assert max(distances) <= 1, f'{place.stem} makes something else'
    print(f'{len(cases)} generators make the same elsewhere' + ('' if torch else '; PyTorch is not installed: the snippets were not run'))


if __name__ == '__main__':
    main(pathlib.Path(sys.argv[1]))
