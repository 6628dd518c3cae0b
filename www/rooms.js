// Every room of the page, in the navigation's order. One line adds one: its id is its address (`#faces`), its module exports the class,
// and its words are `nav.ID`, `ID.heading`, `ID.intro`, `home.door_ID`, `home.door_ID_text`. The build writes links, doors and sections
// from this list (scripts/rooms.js); a room whose section is more than heading, introduction and one mount stands in index.html itself.

/**
 * @typedef {{ enter: (params: URLSearchParams) => any, leave: () => any, open?: (...things: any[]) => any }} Room
 * @typedef {{ id: string, load: () => Promise<new (context: any) => Room>, photos?: boolean, own?: boolean }} RoomEntry
 *   photos: takes a visitor's photos, and says that they stay here; own: its section is written out in index.html
 */

/** @type {RoomEntry[]} */
export const rooms = [
  { id: 'home', load: () => import('./rooms/home.js').then(module => module.HomeRoom), own: true },
  { id: 'learn', load: () => import('./rooms/learn.js').then(module => module.LearnRoom), own: true },
  { id: 'train', load: () => import('./rooms/train.js').then(module => module.TrainRoom) },
  { id: 'stylize', load: () => import('./rooms/stylize.js').then(module => module.StylizeRoom), photos: true },
  { id: 'faces', load: () => import('./rooms/faces.js').then(module => module.FacesRoom), photos: true },
  { id: 'cycle', load: () => import('./rooms/cycle.js').then(module => module.CycleRoom), photos: true },
]
