#!/usr/bin/env bash
# @jax-js/jax 0.1.25, devices "cpu" and "wasm": rightShift of a negative int32 fills with zeros, though the number has a sign: -8 by 1 is
# 2147483644. NumPy's right_shift and JAX's keep the sign: -4. Random generators and fixed-point code on signed numbers go wrong silently.
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
  const shifted = np.rightShift(np.array([-8, 8, -1], { dtype: np.int32 }), np.array([1, 1, 31], { dtype: np.int32 }))
  console.log(device, shifted.dtype, shifted.js().join(' '))
}
JS
cat > expected <<'TEXT'
cpu int32 2147483644 4 1
wasm int32 2147483644 4 1
TEXT
timeout 120 node seen.mjs > seen
cat seen
diff expected seen && echo 'as described'
