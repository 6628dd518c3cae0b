/** Written by scripts/vite-engines.js. */
declare module 'virtual:engines' {
  /** Where the site's files begin, absolute. */
  export const root: string
  /** Paths from `root`; `bytes` is 0 beside the dev server. */
  export const engines: Record<string, { glue: string, wasm: string, bytes: number }>
}
