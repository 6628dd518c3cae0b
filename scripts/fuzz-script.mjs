/** Placeholder replaced below. */
export const scriptReaders = []
export async function fuzzScript() { throw new Error('none') }
