#!/usr/bin/env bash
# @jax-js/jax 0.1.25, device "wasm": a sum or mean of many numbers is wrong without a word. It adds one number after another in single
# precision, so that from 2^24 ones on nothing is added any more: the mean of twenty million ones is 0.84. Its device "cpu" says 1, as
# NumPy and JAX do, which add in parts. A loss or a moment over a large batch of pictures is too small in the same way, by less.
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
  for (const count of [10_000_000, 20_000_000]) console.log(device, count, np.sum(np.ones([count])).js(), np.mean(np.ones([count])).js().toFixed(3))
}
JS
cat > expected <<'TEXT'
cpu 10000000 10000000 1.000
cpu 20000000 20000000 1.000
wasm 10000000 10000000 1.000
wasm 20000000 16777216 0.839
TEXT
timeout 120 node seen.mjs > seen
cat seen
diff expected seen && echo 'as described'
