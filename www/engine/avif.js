/** Whether this browser decodes AVIF: the youngest of the usual formats, which not every build of a browser brings. */

/** 24 × 16 pixels: a sky over a meadow. */
const picture = 'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAETAAAAKgAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAABqaXBycAAAAEtpcGNvAAAAFGlzcGUAAAAAAAAAGAAAABAAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAAMm1kYXQSAAoJGBDv7RAQ0GhAMhtHEeHhd3TTTTCwBWDs6PYv8V5Z+NtFVU/cASA='

/** @returns {Blob} */
export const avifPicture = () => new Blob([Uint8Array.from(atob(picture), letter => letter.charCodeAt(0))], { type: 'image/avif' })

/** @type {Promise<boolean> | undefined} */
let reads
export const readsAvif = () => (reads ??= createImageBitmap(avifPicture()).then(bitmap => { bitmap.close(); return true }, () => false))
