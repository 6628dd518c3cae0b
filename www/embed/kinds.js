// Which public elements there are. A course package has a list of its own (www/scorm/kinds.js), so that it carries nothing else.

/** @type {Record<string, import('./define.js').Kind>} */
export const kinds = {
  'gan-trainer': { poster: 'trainer', attributes: ['family', 'dataset', 'seed', 'settings', 'steps'], module: () => import('./live-trainer.js') },
  'gan-lesson': { poster: 'lesson', attributes: ['name', 'locked', 'seed', 'settings'], module: () => import('./live-lesson.js') },
  'photo-stylizer': { poster: 'stylizer', attributes: ['model', 'side'], module: () => import('./live-stylizer.js') },
  'face-rotator': { poster: 'rotator', attributes: [], module: () => import('./live-rotator.js') },
}

/** What every atelier of theirs is opened with. */
export const openedWith = {}
