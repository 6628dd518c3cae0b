/** What the elements take and tell, for TypeScript. `values.d.ts` is written by the build: what this site has. */
import type { AtelierError } from '../gan-atelier.js'
import type { Device, Recovery } from '../engine/resident.js'
import type { Report } from '../engine/training.js'
import type { Dataset, Family, Lesson, Painter } from './values.js'

type Count = number | `${number}`
type Loss = Recovery['reason']
type Flag = boolean | '' | 'true' | 'false'
/** Words with spaces between them: the first three are checked. A framework may give a list instead. */
type Words<Part extends string> = Part | `${Part} ${Part}` | `${Part} ${Part} ${Part}` | `${Part} ${Part} ${Part} ${string}` | Part[]

export interface CommonAttributes<Part extends string> {
  /** Opens when it comes into view; without it, at a click. */
  autoplay?: Flag
  /** Parts to leave out. */
  hide?: Words<Part>
  lang?: 'en' | 'zh-Hant'
  /** `page` follows the page's own switch; left out, the reader's wish holds. */
  theme?: 'light' | 'dark' | 'page'
}

export interface GanTrainerAttributes extends CommonAttributes<'datasets' | 'controls' | 'contest' | 'figures' | 'losses' | 'link'> {
  family?: Family
  dataset?: Dataset
  seed?: Count
  /** Other settings, as in the address of the training room, or all of it. */
  settings?: string
  /** Rests at this step; Play goes on. */
  steps?: Count
}

export interface GanLessonAttributes extends CommonAttributes<'text' | 'goals' | 'choices' | 'controls' | 'flow' | 'view' | 'figures' | 'contest' | 'losses' | 'save' | 'link'> {
  name?: Lesson
  seed?: Count
  /** Other settings, as in the address of the training room. */
  settings?: string
  /** Only play and pause can be pressed. */
  locked?: Flag
}

export interface PhotoStylizerAttributes extends CommonAttributes<'direction' | 'save' | 'link'> {
  model?: Painter
  /** Longer side while painting, pixels. */
  side?: Count
}

export interface FaceRotatorAttributes extends CommonAttributes<'save' | 'link'> {}

export interface AtelierEvents<Ready, Told> {
  'atelier-ready': CustomEvent<Ready>
  'atelier-report': CustomEvent<Told>
  /** Its worker was lost and replaced; a training goes on at this step, anything else was begun again. */
  'atelier-recovered': CustomEvent<{ reason: Loss, step?: number }>
  'atelier-error': CustomEvent<{ code: AtelierError['code'], message: string, details: Record<string, any> }>
}

type Opened = { device?: Device, config?: Record<string, any> }
export type GanTrainerEvents = AtelierEvents<Opened, Report>
/** A report of the training, or of a goal that was reached. */
export type GanLessonEvents = AtelierEvents<Opened & { lesson: Lesson }, Report | { goal: string, step: number, all: boolean }>
export type PhotoStylizerEvents = AtelierEvents<{ model: string }, { model: string, direction: 'a' | 'b', width: number, height: number, ms: number, device: Device }>
export type FaceRotatorEvents = AtelierEvents<{}, { yaw: number, faces: number, crop: any }>

export interface AtelierElement<Events> extends HTMLElement {
  readonly state: 'poster' | 'opening' | 'open' | 'failed'
  start(): Promise<void>
  play(): Promise<any>
  pause(): Promise<any>
  reset(): Promise<any>
  /** `step`, with how many; `discriminator`, `generator`, `scene`; the methods' names. */
  command(name: string, ...values: any[]): Promise<any>
  /** How far a learner has come in a lesson, once it is open. */
  readonly progress: any
  /** An earlier `progress`, to go on from. */
  kept: any
  addEventListener<Name extends keyof Events>(type: Name, listener: (event: Events[Name]) => void, options?: boolean | AddEventListenerOptions): void
  addEventListener<Name extends keyof HTMLElementEventMap>(type: Name, listener: (this: HTMLElement, event: HTMLElementEventMap[Name]) => void, options?: boolean | AddEventListenerOptions): void
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void
}

/** Attributes and events of each. */
export interface AtelierElements {
  'gan-trainer': { attributes: GanTrainerAttributes, events: GanTrainerEvents }
  'gan-lesson': { attributes: GanLessonAttributes, events: GanLessonEvents }
  'photo-stylizer': { attributes: PhotoStylizerAttributes, events: PhotoStylizerEvents }
  'face-rotator': { attributes: FaceRotatorAttributes, events: FaceRotatorEvents }
}

declare global {
  interface HTMLElementTagNameMap {
    'gan-trainer': AtelierElement<GanTrainerEvents>
    'gan-lesson': AtelierElement<GanLessonEvents>
    'photo-stylizer': AtelierElement<PhotoStylizerEvents>
    'face-rotator': AtelierElement<FaceRotatorEvents>
  }
}
