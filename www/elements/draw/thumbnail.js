// A picture as an address that an SVG can show: small, since a drawing holds many.

/** Twice the largest frame of a drawing, in pixels, for dense screens. */
const largest = 264
/** @type {WeakMap<ImageData, string>} */
const made = new WeakMap()

/** @param {ImageData} picture */
export function thumbnail(picture) {
  const known = made.get(picture)
  if (known) return known
  const whole = document.createElement('canvas')
  Object.assign(whole, { width: picture.width, height: picture.height })
  whole.getContext('2d')?.putImageData(picture, 0, 0)
  const scale = Math.min(1, largest / Math.max(picture.width, picture.height))
  const small = document.createElement('canvas')
  Object.assign(small, { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) })
  small.getContext('2d')?.drawImage(whole, 0, 0, small.width, small.height)
  const address = small.toDataURL('image/jpeg', 0.9)
  made.set(picture, address)
  return address
}
