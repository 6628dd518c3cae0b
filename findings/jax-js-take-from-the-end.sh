#!/usr/bin/env bash
# @jax-js/jax 0.1.25: np.take with an index that counts from the end, as NumPy and JAX have it. On device "wasm" every such index silently gives
# the first element; on device "cpu" the same call is an error.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"type":"module","private":true}' > package.json
npm install --silent --no-audit --no-fund @jax-js/jax@0.1.25
cat > seen.mjs <<'JS'
import { defaultDevice, grad, init, nn, numpy as np } from '@jax-js/jax'
await init('cpu', 'wasm')
for (const device of ['cpu', 'wasm']) {
  defaultDevice(device)
  try {
    console.log(device, np.take(np.array([10, 20, 30]), np.array([-1, -2, 1], { dtype: np.int32 })).js().join(' '))
  } catch (error) {
    console.log(device, error.message)
  }
}
JS
cat > expected <<'TEXT'
cpu bufidx out of bounds: -1
wasm 10 10 20
TEXT
timeout 120 node seen.mjs > seen
cat seen
diff expected seen && echo 'as described'
