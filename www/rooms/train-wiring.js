// What the training room's view is shown, and what it may ask for.
import { addressed, decodePoints, defaultsFor, encodePoints } from '../store.js'
import { t } from '../i18n/translate.js'
import { contestOf } from './contest-of.js'
import * as anew from './train-anew.js'
import * as keeping from './train-keep.js'
import * as looks from './train-looks.js'
import * as past from './train-past.js'
import * as comparing from './train-compare.js'
import { saveScores } from './train-score.js'
import * as tables from './train-tables.js'
import * as way from './train-way.js'

/** @typedef {import('./train.js').TrainRoom} TrainRoom */

/** A third of a learning rate need not fill a line of the address. @param {Record<string, any>} changes */
const rounded = changes => Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, typeof value === 'number' ? Number(value.toPrecision(3)) : value]))

/** A drawing as its link carries it, so that who opens that sees the same numbers. @param {any} data */
const asLinked = data => (data?.points && !data.scale ? { ...data, points: decodePoints(encodePoints(data.points)) ?? data.points } : data)

/** @param {TrainRoom} room */
export function stateOf(room) {
  const { trainer, schema, schemas, config, collecting, shown, waiting, looking, race, setup } = room
  const { view, metrics, step } = looking ?? trainer
  const history = looking ? trainer.history.until(looking.step) : trainer.history
  return {
    schema, families: Object.keys(schemas), config, collecting, shown, waiting, view, metrics, step, race, score: room.score, setup, looking, trainer,
    dataset: collecting ? room.described(config.dataset) : trainer.dataset, rate: trainer.rate, running: trainer.running, speed: trainer.speed,
    frames: way.framesOf(room), moments: room.timeline.moments, filming: room.filming, trail: way.trailOf(room), kept: room.kept, comparable: comparing.comparable(room), other: comparing.otherOf(room),
    history: history.snapshot(), device: trainer.session?.device, workers: trainer.session?.workers ?? 1, ready: Boolean(trainer.session) && !waiting && !collecting && !race.starting, busy: trainer.pausing,
    contest: room.broken ?? contestOf({ step, metrics }),
    fields: room.fields, defaults: room.defaults, points: addressed(room.data), drawnPoints: room.drawnPoints,
    idx: Boolean(room.data?.idx), pictureLook: room.pictureLook, table: room.table, walk: trainer.walk, smile: trainer.smile, trained: looks.trainedCard(room),
  }
}

/** @param {TrainRoom} room @returns {Record<string, (...args: any[]) => any>} */
export const actionsOf = room => ({
  family: family => room.pickFamily(family),
  pick: id => room.pick(id),
  learn: (data, changes, play = false) => room.begin({ ...room.config, ...changes }, { data: asLinked(data), play }),
  otherData: () => {
    room.table = null
    return room.begin(room.config)
  },
  turn: () => room.begin(room.config, { data: { ...room.data, transposed: !room.trainer.dataset?.transposed } }),
  lookAtTable: (file, wish) => tables.look(room, file, wish),
  lookForPoints: (file, wish, swapped) => tables.lookForPoints(room, file, wish, swapped, data => room.begin(room.config, { data, play: true })),
  exportGenerator: direction => keeping.exportGenerator(room, direction),
  show: (key, on) => room.show(key, on),
  choose: label => room.choose(label),
  ...looks.lookActions(room),
  command: name => room.command(name),
  speed: name => room.setSpeed(name),
  remedy: changes => room.change(rounded(changes), Boolean(room.broken)),
  change: changes => room.change(changes),
  defaults: () => anew.restart(room, { ...defaultsFor(room.schema, room.config.dataset), seed: room.config.seed }, () => t('form.restarted_defaults')),
  share: () => keeping.share(room),
  saveFile: () => keeping.saveFile(room),
  openFile: input => keeping.openFile(room, input),
  takeHome: (format, direction) => keeping.takeHome(room, format, direction),
  saveLosses: () => keeping.saveLosses(room),
  saveSamples: () => keeping.saveSamples(room),
  savePoints: () => keeping.savePoints(room),
  look: step => past.look(room, step),
  back: step => past.goBack(room, /** @type {any} */ (room.timeline.near(step))),
  setup: step => past.openSetup(room, step),
  film: () => way.saveFilm(room),
  stopFilm: () => room.filming?.stop.abort(),
  keepRun: () => comparing.keepRun(room),
  openRun: input => comparing.openRun(room, input),
  letGo: () => comparing.letGo(room),
  closeSetup: () => { room.setup = null; room.stage.draw() },
  race: changes => past.startRace(room, changes),
  collapse: () => past.showCollapse(room),
  endRace: () => past.endRace(room),
  handOver: () => past.handOver(room),
  score: asked => room.score.run(room.config.dataset, asked),
  stopScore: () => room.score.stop(),
  scoreTable: () => saveScores(room.score),
})
