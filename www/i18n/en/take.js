// A trained generator for other software.
export default {
  take: {
    heading: 'Take the generator home',
    about: 'The generator, averaged over the last steps of its training, for programs of your own. The file is made in this tab.',
    onnx: 'Save as ONNX',
    safetensors: 'Save for PyTorch',
    about_onnx: 'ONNX holds the network and its weights: onnxruntime and other runtimes open it in Python, JavaScript, C++ and more.',
    about_safetensors: 'safetensors holds the weights, named as in PyTorch. The lines below are the network to go with them.',
    lines: 'Lines of Python that open the file',
    other_form: 'These weights are of a form that is not written as a file here: only the published one and those trained in the atelier are.',
    saved: 'Saved as {name}.',
  },
}
