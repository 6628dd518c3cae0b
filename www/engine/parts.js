/** How the parts of the module are reached: files beside it. A notebook's page has none, and takes www/notebook/parts.js instead. */
import workerPlace from './worker.js?worker&url'

/** Whether the browser may keep what was fetched, by its address. */
export const keeps = true

export const workerUrl = () => new URL(workerPlace, import.meta.url).href

/** @param {string} url @param {RequestInit} [options] @returns {Promise<Response>} */
export const openPart = (url, options) => fetch(url, options)
