// Addresses as editors and course systems hand them on: written into a page twice over, or percent-encoded as a whole.

/** What is left of an `&` that was written as HTML once too often. */
const escapedTwice = /&(?:(?:amp|#0*38|#x0*26);)+/gi
/** How often somebody may have encoded it. */
const most = 3

/** @param {string} text @returns {string} as it is where it cannot be decoded */
function decoded(text) {
  try { return decodeURIComponent(text) } catch { return text }
}

/** A name or a value that holds further pairs was a whole address once; `settings` is meant to. @param {[string, string]} pair */
const packed = ([name, value]) => /[=&]|%3d|%26/i.test(name) || (name !== 'settings' && /(?:&|%26)(?:amp(?:;|%3b))*[\w.]+(?:=|%3d)/i.test(value))

/** @param {string} query with or without its `?` @returns {URLSearchParams} */
export function readQuery(query) {
  let text = query.replace(/^\?/, '')
  let params = new URLSearchParams(text)
  for (let times = 0; times < most; times++) {
    text = text.replace(escapedTwice, '&')
    params = new URLSearchParams(text)
    const once = decoded(text)
    if (once === text || ![...params].some(packed)) break
    text = once
  }
  return params
}

/** The parameters of a document's address. An `&#038;` that stayed has sent the rest behind the `#`. @param {{ search: string, hash: string }} location */
export const readAddress = ({ search, hash }) => readQuery(/^#(?:0*38|x0*26);/i.test(hash) ? search + hash : search)

/** A room and its parameters, as they stand behind the `#`. @param {string} hash @returns {{ room: string, params: URLSearchParams }} */
export function parseHash(hash) {
  const text = hash.replace(/^#/, '')
  const [room, ...query] = (text.includes('?') ? text : decoded(text)).split('?')
  return { room, params: readQuery(query.join('?')) }
}
