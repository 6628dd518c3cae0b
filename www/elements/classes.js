// Pictures by the folders that they lie in: where folders name classes, each picture's class.
import { pathOf } from './dropped.js'

/** The folder right above a file. @param {File} file */
function folderOf(file) {
  const parts = pathOf(file).split('/')
  return parts.length > 1 ? parts[parts.length - 2] : ''
}

/**
 * @param {File[]} files pictures
 * @returns {{ images: File[], labels?: string[], classes: { name: string, count: number }[] }} no labels where all lie in one folder
 */
export function byFolder(files) {
  const labels = files.map(folderOf)
  const counts = new Map()
  for (const name of labels) counts.set(name, (counts.get(name) ?? 0) + 1)
  const classes = [...counts].map(([name, count]) => ({ name, count }))
  return classes.length > 1 ? { images: files, labels, classes } : { images: files, classes: [] }
}
