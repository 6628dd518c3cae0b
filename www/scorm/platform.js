// The course platform's end of SCORM: an object in one of the windows around this one, spoken to in the words of its edition.

/** @typedef {'1.2' | '2004'} Edition */

/** How many windows up somebody may have put it. */
const mostWindows = 500

const words = {
  '1.2': { object: 'API', start: 'LMSInitialize', get: 'LMSGetValue', set: 'LMSSetValue', commit: 'LMSCommit', end: 'LMSFinish', code: 'LMSGetLastError' },
  2004: { object: 'API_1484_11', start: 'Initialize', get: 'GetValue', set: 'SetValue', commit: 'Commit', end: 'Terminate', code: 'GetLastError' },
}

/** "Already initialized", in 2004: it was begun for us. */
const begun = '103'

/** A window of another origin tells nothing. @param {any} place @param {string} name */
function objectIn(place, name) {
  try { return place[name] ?? null } catch { return null }
}

/** @param {any} place a window @param {string} name */
function upwards(place, name) {
  for (let at = place, count = 0; at && count < mostWindows; at = at.parent, count++) {
    const found = objectIn(at, name)
    if (found) return found
    if (at.parent === at) return null
  }
  return null
}

/** In the windows around, then in those around the one that opened the topmost. @param {any} place @param {string} name */
function search(place, name) {
  const found = upwards(place.parent === place ? null : place.parent, name)
  if (found) return found
  const opener = objectIn(place, 'opener') ?? objectIn(objectIn(place, 'top'), 'opener')
  return opener ? upwards(opener, name) : null
}

/**
 * What answers here: the edition that was asked for, else the other one.
 * @param {any} place the window @param {Edition} wished @returns {Platform | null}
 */
export function findPlatform(place, wished) {
  const order = /** @type {Edition[]} */ (wished === '2004' ? ['2004', '1.2'] : ['1.2', '2004'])
  for (const edition of order) {
    const api = search(place, words[edition].object)
    if (api) return new Platform(api, edition)
  }
  return null
}

export class Platform {
  /** @param {any} api @param {Edition} edition */
  constructor(api, edition) {
    this.api = api
    this.edition = edition
    this.open = false
    /** What it did not take the last time, with its error's number. @type {string[]} */
    this.refused = []
  }

  /** It is somebody else's code, and may throw. @param {keyof (typeof words)['1.2']} word @param {string[]} args @returns {string} */
  call(word, ...args) {
    try { return String(this.api[words[this.edition][word]](...args)) } catch { return 'false' }
  }

  start() {
    this.open = this.call('start', '') === 'true' || this.call('code') === begun
    return this.open
  }

  /** @param {string} element @returns {string} '' where it has none */
  get(element) {
    const value = this.call('get', element)
    return this.call('code') === '0' ? value : ''
  }

  /** @param {[string, string][]} values @returns {boolean} */
  write(values) {
    if (!this.open) return false
    this.refused = []
    for (const [element, value] of values) if (this.call('set', element, value) !== 'true') this.refused.push(`${element} (${this.call('code')})`)
    if (this.call('commit', '') !== 'true') this.refused.push(`commit (${this.call('code')})`)
    return !this.refused.length
  }

  end() {
    if (this.open) this.call('end', '')
    this.open = false
  }
}
