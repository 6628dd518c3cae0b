// In a course package there is the lesson and nothing else: this list stands in for that of www/embed/kinds.js (scripts/sco.mjs).

/** @type {Record<string, import('../embed/define.js').Kind>} */
export const kinds = {
  'gan-lesson': { poster: 'lesson', attributes: ['name', 'locked', 'seed', 'settings'], module: () => import('../embed/live-lesson.js') },
}

/** The small engine is the only one that travels. */
export const openedWith = { device: 'cpu' }
