# pip install onnxruntime numpy
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession('generator.onnx')
free = {'n': 16, 'height': 256, 'width': 256}
inputs = {}
for value in session.get_inputs():
    shape = [free.get(side, side) for side in value.shape]
    print(value.name, value.shape)
    whole = 'int64' in value.type
    inputs[value.name] = np.zeros(shape, np.int64) if whole else np.random.randn(*shape).astype(np.float32)

for value, made in zip(session.get_outputs(), session.run(None, inputs)):
    print(value.name, made.shape)
