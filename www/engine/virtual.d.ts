/** Written by scripts/vite-engines.js. */
declare module 'virtual:engines' {
  /** Where the site's files begin, absolute; empty in the npm package, which belongs to no site. */
  export const root: string
  /** The URL of a file that the site, or the package, carries. */
  export const locate: (place: string) => string
  /** Paths from `root`; `bytes` is 0 beside the dev server. */
  export const engines: Record<string, { glue: string, wasm: string, bytes: number, kernels?: { exact: string, relaxed: string } }>
}

/** The worker with the small engine's JavaScript, as one classic script: written by scripts/python.mjs, for notebooks. */
declare module 'virtual:worker-text' {
  const text: string
  export default text
}
