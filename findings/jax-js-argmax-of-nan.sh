#!/usr/bin/env bash
# @jax-js/jax 0.1.25, devices "cpu" and "wasm": argmax of numbers among which there is a NaN is an index that does not exist, namely their
# count. NumPy and JAX say where the NaN is. Whoever looks up the class of a network that has diverged reads beyond the list of classes.
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
  console.log(device, np.argmax(np.array([1, 3, 2])).js(), np.argmax(np.array([1, NaN, 3])).js(), np.argmax(np.array([[NaN, 1], [2, 1]]), 1).js().join(' '))
}
JS
cat > expected <<'TEXT'
cpu 1 3 2 0
wasm 1 3 2 0
TEXT
timeout 120 node seen.mjs > seen
cat seen
diff expected seen && echo 'as described'
