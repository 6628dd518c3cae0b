/** The store of what belongs to an engine's version: the file itself, and which graphics cards were right with it. */
export const cacheName = 'gan-atelier-engines'
