/** The store of what belongs to an engine's version: the file itself, and which graphics cards were right with it. */
const cacheName = 'gan-atelier-engines'

/** Where storage is forbidden, even to ask may throw. @returns {Promise<Cache | null>} */
export async function openStore() {
  try {
    return await globalThis.caches?.open(cacheName) ?? null
  } catch {
    return null
  }
}
