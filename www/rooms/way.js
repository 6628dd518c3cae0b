// The way of what is made from the first step to now: the same latents at every recorded step, thinned as the training goes on.
import { bytesOf, pack, unpack } from './way-pack.js'

/** @typedef {{ step: number, view: any, metrics: any }} Frame view: packed, see `seen` */

// All bounds of what is recorded, here and nowhere else.
/** As many as a slider can tell apart. */
export const mostFrames = 200
/** Of a run: pictures in colour reach it before they are as many. A tab on a telephone has a few hundred MB in all, and two runs may be compared. */
export const budgetBytes = 24e6
/** What goes into the browser's storage every few seconds has to be much less. */
export const storedBytes = 3e6
/** Least distance between two, as a share of the steps since the first: those change most. */
const pace = 1 / 40

/** Of a trail: more bends than this nobody sees. */
const mostBends = 48

/** Unpacked, pictures take four times as much: only what is shown together is held so. */
const mostOpened = 16

/** What was seen at a frame, unpacked once: the same object each time, so that elements draw on a change only. @type {Map<Frame, any>} */
const opened = new Map()

/** @param {Frame} frame */
export function seen(frame) {
  const known = opened.get(frame) ?? unpack(frame.view)
  // The one that was asked for last goes last.
  opened.delete(frame)
  opened.set(frame, known)
  for (const oldest of opened.keys()) if (opened.size > mostOpened) opened.delete(oldest)
  return known
}

export class Way {
  /** @param {Frame[]} [frames] rising */
  constructor(frames = []) {
    this.frames = frames
  }

  /** The first known step; NaN while there is none. */
  get from() {
    return this.frames[0]?.step ?? NaN
  }

  /** Whether the training has come far enough for another frame. @param {number} step */
  due(step) {
    const last = this.frames.at(-1)
    return !last || step - last.step >= Math.max(1, (step - this.from) * pace)
  }

  /** @param {number} step @param {any} view @param {any} [metrics] */
  add(step, view, metrics = {}) {
    const last = this.frames.at(-1)
    if (last && step <= last.step) return
    this.frames = [...this.frames, { step, view: pack(view, last?.view), metrics }]
    while (this.frames.length > 2 && (this.frames.length > mostFrames || this.bytes() > budgetBytes)) this.thin()
  }

  /** The frame goes whose neighbours are nearest to one another for their age; the first and the last stay. */
  thin() {
    const { frames, from } = this
    let [least, at] = [Infinity, 1]
    for (let index = 1; index < frames.length - 1; index++) {
      const gap = (frames[index + 1].step - frames[index - 1].step) / (frames[index + 1].step - from)
      if (gap < least) [least, at] = [gap, index]
    }
    this.frames = frames.filter((_, index) => index !== at)
  }

  /** What several frames share is counted once. */
  bytes() {
    return bytesOf(this.frames.map(({ view }) => view))
  }

  /** @param {number} step @returns {Frame | undefined} */
  at(step) {
    return this.frames.find(frame => frame.step === step)
  }

  /** The last one up to a step, or else the first. @param {number} step @returns {Frame | undefined} */
  near(step) {
    return this.frames.findLast(frame => frame.step <= step) ?? this.frames[0]
  }

  /** As it was at an earlier step; what is held is shared. @param {number} [step] */
  until(step = Infinity) {
    return new Way(this.frames.filter(frame => frame.step <= step))
  }

  /** So many frames up to a step, evenly chosen, the first and the last among them. @param {number} count @param {number} [step] */
  chosen(count, step = Infinity) {
    const frames = this.frames.filter(frame => frame.step <= step)
    const most = Math.min(count, frames.length)
    return Array.from({ length: most }, (_, index) => frames[most > 1 ? Math.round((index * (frames.length - 1)) / (most - 1)) : 0])
  }

  /** To be stored with the training, where that is small. @returns {Frame[] | undefined} */
  stored() {
    return this.bytes() <= storedBytes ? this.frames : undefined
  }

  /** What was stored may be of any age. @param {any} stored @param {number} step that the training stands at */
  static from(stored, step) {
    const usable = Array.isArray(stored) && stored.every((frame, index) => Number.isInteger(frame?.step) && frame.view && (!index || frame.step > stored[index - 1].step))
    return new Way(usable ? stored.filter(frame => frame.step <= step) : [])
  }
}

/** Where the same made points were, up to a frame. @param {Way} way @param {Frame} frame @returns {ArrayLike<number>[]} */
export function trailTo(way, frame) {
  const before = way.chosen(mostBends, frame.step).filter(({ step }) => step < frame.step)
  return [...before, frame].map(each => seen(each).fake)
}
