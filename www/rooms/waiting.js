import { AtelierError } from '../engine/protocol.js'

/**
 * Something under way that several may wait for, as one of them does: the signal ends this waiting, and nobody else's.
 * @template T @param {Promise<T>} underWay @param {AbortSignal} signal @returns {Promise<T>}
 */
export function waitedFor(underWay, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new AtelierError('Aborted', 'The caller aborted this call.'))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    underWay.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
