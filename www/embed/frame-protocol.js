/** Raised when a message changes its meaning; a host and a frame of different versions do not talk. */
export const protocol = 1

/**
 * What a host asks of its frame; null where a message is no request. Whoever frames the page can send anything.
 * @param {any} data @returns {{ id: any, call: string, args: any[], attributes: Record<string, any> | null } | null}
 */
export function requestOf(data) {
  if (!data || typeof data !== 'object') return null
  const { id, call, args, set } = data
  const attributes = set && typeof set === 'object' && !Array.isArray(set) ? set : null
  return { id, call: typeof call === 'string' ? call : '', args: Array.isArray(args) ? args : [], attributes }
}
