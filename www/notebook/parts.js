/** In a notebook's page the module has no files beside it: its parts come from the kernel. Stands in for www/engine/parts.js in the notebooks' build. */
import workerText from 'virtual:worker-text'

/** A part has no address to be kept by. */
export const keeps = false

let address = ''
export const workerUrl = () => (address ||= URL.createObjectURL(new Blob([workerText], { type: 'text/javascript' })))

/** @type {(place: string) => Promise<Blob>} */
let bring = async place => { throw new Error(`nobody brings ${place}`) }

/** @param {(place: string) => Promise<Blob>} bringer */
export function bringParts(bringer) {
  bring = bringer
}

/** Nothing is fetched: a page's policy may forbid even an address of its own. @param {string} place @param {RequestInit} [options] */
export async function openPart(place, { signal } = {}) {
  signal?.throwIfAborted()
  return new Response(await bring(place.replace(/\?.*$/, '')))
}
