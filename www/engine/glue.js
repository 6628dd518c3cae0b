/** The engine's own JavaScript. A build for notebooks carries it in the worker instead. @param {string} url @returns {Promise<any>} */
export const loadGlue = url => import(/* @vite-ignore */ url)
