#!/usr/bin/env bash
# @jax-js/jax 0.1.25, devices "cpu" and "wasm": nn.softplus is the logarithm of one plus an exponential as written: from 89 on it is Infinity
# where JAX's nn.softplus gives the number itself. softplus of a score is the GAN's loss: one score of a sure discriminator and the loss of
# the whole batch is Infinity.
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
  console.log(device, nn.softplus(np.array([0, 50, 88, 89, 100])).js().map(each => each.toFixed(2)).join(' '))
  console.log(device, np.mean(nn.softplus(np.array([-1, 0, 1, 90]))).js())
}
JS
cat > expected <<'TEXT'
cpu 0.69 50.00 88.00 Infinity Infinity
cpu Infinity
wasm 0.69 50.00 88.00 Infinity Infinity
wasm Infinity
TEXT
timeout 120 node seen.mjs > seen
cat seen
diff expected seen && echo 'as described'
