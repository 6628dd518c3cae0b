/** Written by scripts/vite-engines.js. */
declare module 'virtual:engines' {
  /** Where the site's files begin, absolute; empty in the npm package, which belongs to no site. */
  export const root: string
  /** The URL of a file that the site, or the package, carries. */
  export const locate: (place: string) => string
  /** Paths from `root`; `bytes` is 0 beside the dev server. */
  export const engines: Record<string, { glue: string, wasm: string, bytes: number }>
}
