/** What our own code draws of a domain, for those who have no photo of it at hand: the animals; a lake stands in for everything else. */
const animals = /** @type {const} */ (['horse', 'zebra'])

/** @param {string | undefined} domain @returns {'lake' | 'horse' | 'zebra'} */
export const subjectFor = domain => animals.find(animal => animal === domain) ?? 'lake'
