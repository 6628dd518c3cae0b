/** The step `onnx`: generators that the Rust tests and the browser's engine wrote, opened by ONNX's own checker and runtime. */
import path from 'node:path'
import { environment } from './environment.mjs'
import { root, run, runOrThrow } from './run.mjs'

export async function testOnnx() {
  const folder = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'tmp/onnx')
  const python = await environment('onnx', 'tests/onnx/requirements.txt')
  await runOrThrow('cargo', ['test', '--features', 'train', '--test', 'onnx'])
  await runOrThrow(process.execPath, ['tests/onnx/cases.mjs', folder])
  return run(python, ['tests/onnx/check.py', folder])
}
