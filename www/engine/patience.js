/**
 * How long a graphics card may be silent, ms. A driver may never answer; one that is merely slow has done so by then, and both together
 * keep nobody waiting for ten seconds. The page asks for an adapter, then the worker for an adapter and a device; then the first shaders are compiled, run and read back.
 */
export const adapterMs = 4000
export const deviceMs = 5000
export const answerMs = 10_000
