// One state object for the page, and the codec that writes an experiment into the URL and reads it back.

/** @template {object} T @param {T} initial */
export function createStore(initial) {
  const listeners = new Set()
  let state = initial
  return {
    /** @returns {T} */
    get: () => state,
    /** @param {Partial<T>} changes */
    set(changes) {
      state = { ...state, ...changes }
      for (const listener of listeners) listener(state)
    },
    /** @param {(state: T) => void} listener */
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Raised when a key changes its meaning; links of other versions are read as far as they are understood. */
export const version = 1

/** @typedef {import('./elements/config-field.js').Field} Field */
/** @typedef {{ family?: string, fields: Field[], presets: Record<string, Record<string, any>>, datasets: any[] }} Schema */
/** @typedef {{ reason: 'unknown' | 'range' | 'choice' | 'number' | 'points' | 'version', key: string, value: string, min?: number, max?: number, version?: string }} Ignored */

/** An address that names no family means this one. */
export const plainFamily = 'gan'

/** Every field's default for a dataset: its preset where it has one. @param {Schema} schema @param {string} dataset */
export function defaultsFor(schema, dataset) {
  const defaults = Object.fromEntries(schema.fields.map(field => [field.key, field.default]))
  return { ...defaults, ...schema.presets[dataset], dataset }
}

// Addresses come as editors and course systems hand them on: written into a page twice over, or percent-encoded as a whole.

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

/**
 * Whether a room may put its state into the address. One that finishes something after it was left must not take the visitor's address away, nor one
 * that the visitor is just leaving: the address is the next room's before the page has heard of it.
 * @param {string} hash @param {string} present the address's @param {string} room that is shown
 */
export const mayRewrite = (hash, present, room) => [hash, present].every(each => parseHash(each).room === room)

/**
 * @param {Schema} schema @param {Record<string, any>} config @param {ArrayLike<number>} [points] the visitor's own
 * @returns {string} `v=1&dataset=...&seed=...` and what differs from that dataset's defaults
 */
export function encodeExperiment(schema, config, points) {
  const { family = plainFamily } = schema
  const params = new URLSearchParams({ v: String(version), family, dataset: config.dataset, seed: String(config.seed) })
  if (family === plainFamily) params.delete('family')
  const defaults = defaultsFor(schema, config.dataset)
  for (const { key } of schema.fields) {
    if (!params.has(key) && config[key] !== undefined && config[key] !== defaults[key]) params.set(key, String(config[key]))
  }
  if (config.dataset === 'drawn' && points?.length) params.set('points', encodePoints(points))
  return params.toString()
}

/**
 * @param {Schema} schema @param {URLSearchParams} params
 * @returns {{ config: Record<string, any>, points?: Float32Array, ignored: Ignored[] }}
 */
export function decodeExperiment(schema, params) {
  /** @type {Ignored[]} */
  const ignored = []
  const asked = params.get('v') ?? String(version)
  if (asked !== String(version)) ignored.push({ reason: 'version', key: 'v', value: asked, version: asked })
  const known = new Map(schema.fields.map(field => [field.key, field]))
  const datasets = schema.datasets.map(({ id }) => id)
  const wished = params.get('dataset') ?? known.get('dataset')?.default ?? datasets[0]
  if (!datasets.includes(wished)) ignored.push({ reason: 'choice', key: 'dataset', value: wished })
  const config = defaultsFor(schema, datasets.includes(wished) ? wished : datasets[0])
  for (const [key, text] of params) {
    if (['v', 'family', 'dataset', 'points'].includes(key) || key.startsWith(rivalMark)) continue
    const field = known.get(key)
    /** @type {ReturnType<typeof readValue>} */
    const read = field ? readValue(field, text) : { problem: { reason: 'unknown' } }
    if (read.problem) ignored.push({ key, value: text, ...read.problem })
    else config[key] = read.value
  }
  const points = config.dataset === 'drawn' ? decodePoints(params.get('points') ?? '') : undefined
  if (config.dataset === 'drawn' && params.has('points') && !points) ignored.push({ reason: 'points', key: 'points', value: '' })
  return { config, points, ignored }
}

/** A second run's changes travel in the address under their own names behind this. */
const rivalMark = 'b.'

/** @param {Record<string, any> | null} changes */
export function encodeRival(changes) {
  return Object.entries(changes ?? {}).map(([key, value]) => `&${rivalMark}${key}=${encodeURIComponent(String(value))}`).join('')
}

/** What a second run changes; null where the address names none that can be used. @param {Schema} schema @param {Record<string, any>} config @param {URLSearchParams} params */
export function decodeRival(schema, config, params) {
  const asked = [...params].filter(([key]) => key.startsWith(rivalMark)).map(([key, value]) => [key.slice(rivalMark.length), value])
  const read = decodeExperiment(schema, new URLSearchParams([['dataset', config.dataset], ...asked])).config
  const known = asked.filter(([key]) => key !== 'dataset' && schema.fields.some(field => field.key === key))
  const changes = Object.fromEntries(known.map(([key]) => [key, read[key]]).filter(([key, value]) => value !== config[key]))
  return Object.keys(changes).length ? changes : null
}

/** @param {Field} field @param {string} text @returns {{ value?: any, problem?: { reason: 'unknown' | 'range' | 'choice' | 'number', min?: number, max?: number } }} */
function readValue({ kind, choices = [], min = -Infinity, max = Infinity }, text) {
  if (kind === 'boolean') return ['true', 'false'].includes(text) ? { value: text === 'true' } : { problem: { reason: 'choice' } }
  if (kind === 'choice') {
    const value = choices.find(choice => String(choice) === text)
    return value === undefined ? { problem: { reason: 'choice' } } : { value }
  }
  // Minus nothing is nothing: it would not come back out of a link.
  const value = Number(text) + 0
  if (text.trim() === '' || !Number.isFinite(value) || (kind === 'integer' && !Number.isInteger(value))) return { problem: { reason: 'number' } }
  return value >= min && value <= max ? { value } : { problem: { reason: 'range', min, max } }
}

/** Points that an address carries: a drawing's. Those of a table are too many, and have units. @param {any} data as the module takes it @returns {Float32Array | undefined} */
export const addressed = data => (data?.scale ? undefined : data?.points)

/** Two bytes a point, 1/127.5 of the half square apart: finer than the brush. @param {ArrayLike<number>} points in -1..1 */
export function encodePoints(points) {
  const bytes = Array.from(points, value => Math.round((Math.min(1, Math.max(-1, value)) + 1) * 127.5))
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** @param {string} text @returns {Float32Array | undefined} */
export function decodePoints(text) {
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    if (bytes.length < 32 || bytes.length % 2 || bytes.length > 4096) return undefined
    return Float32Array.from(bytes, letter => letter.charCodeAt(0) / 127.5 - 1)
  } catch {
    return undefined
  }
}
