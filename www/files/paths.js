// Where files lie, by their paths: which of them are pictures, which folder each is in, what a system put there for itself.

/** Left by systems and programs; whatever begins with a dot is hidden already (.DS_Store, ._name, .ipynb_checkpoints, .git). */
const systems = new Set(['__macosx', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', 'icon\r', '$recycle.bin', 'system volume information', '@eadir', '#recycle', 'lost+found', '__pycache__'])

/** Whether nobody put it there to be learned from. @param {string} path */
export const isHidden = path => path.split('/').some(part => part.startsWith('.') || part.startsWith('~$') || systems.has(part.toLowerCase()))

/** Of pictures, those too that no browser decodes: each is told by its name where it is opened. */
const pictureEnding = new RegExp(String.raw`\.(${[
  'jpe?g|jpe|jfif|pjpe?g|png|apng|webp|avif|gif|bmp|dib|ico|hei[cf]|tiff?|svg|jxl|jp2|j2k|psd|exr|hdr|qoi|tga|p[bgnp]m',
  'dng|cr[23w]|nef|nrw|arw|sr[2fw]|raf|orf|rw2|pef|3fr|iiq|x3f|erf|mrw|kdc|dcr',
].join('|')})$`, 'i')

/** @param {string} path */
const nameOf = path => path.slice(path.lastIndexOf('/') + 1)
/** @param {{ path: string, type?: string }} file */
const isPicture = ({ path, type = '' }) => type.startsWith('image/') || pictureEnding.test(path)

/**
 * What may be a picture, in the order of the paths. Where no name says so, files without an ending may be: some collections have none.
 * @template {{ path: string, type?: string }} T @param {T[]} files @returns {{ pictures: T[], others: number }} others: how many files were passed over, besides hidden ones
 */
export function choosePictures(files) {
  const open = files.filter(({ path }) => !isHidden(path))
  const named = open.filter(isPicture)
  const pictures = named.length ? named : open.filter(({ path }) => !nameOf(path).includes('.'))
  // One collator for all: `localeCompare` would make one for every comparison.
  const { compare } = new Intl.Collator('en', { numeric: true })
  return { pictures: pictures.sort((one, other) => compare(one.path, other.path)), others: open.length - pictures.length }
}

/** The folder right above a file; '' where there is none. @param {string} path */
export const folderOf = path => path.split('/').at(-2) ?? ''

/**
 * A class for each picture where their folders name several.
 * @param {string[]} paths @returns {{ labels?: string[], classes: { name: string, count: number }[] }}
 */
export function classesOf(paths) {
  const labels = paths.map(folderOf)
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const name of labels) counts.set(name, (counts.get(name) ?? 0) + 1)
  const classes = [...counts].map(([name, count]) => ({ name, count }))
  return classes.length > 1 ? { labels, classes } : { classes: [] }
}

/** How folders of the two domains are called in published collections; those for testing are not learned from. */
const domains = { a: /^(train_?A|A)$/i, b: /^(train_?B|B)$/i }

/**
 * Two domains in one folder: by the names that CycleGAN's collections use, or whatever they are called where there are two.
 * @template {{ path: string }} T @param {T[]} files
 * @returns {{ a: T[], b: T[], names: [string, string], sure: boolean } | null} sure: by their names
 */
export function twoDomains(files) {
  /** @type {Map<string, T[]>} */
  const folders = new Map()
  for (const file of files) {
    const name = folderOf(file.path)
    if (!folders.has(name)) folders.set(name, [])
    folders.get(name)?.push(file)
  }
  const names = [...folders.keys()]
  const named = [domains.a, domains.b].map(domain => names.find(name => domain.test(name)))
  const pair = named.every(name => name !== undefined) ? named : names.length === 2 && !names.includes('') ? names : null
  if (!pair) return null
  const [a, b] = /** @type {[string, string]} */ (pair)
  return { a: folders.get(a) ?? [], b: folders.get(b) ?? [], names: [a, b], sure: pair === named }
}
