// Going back in a training, and two trainings at once: the time machine and the race of the training room.
import { t } from '../i18n/translate.js'
import { defaultsFor } from '../store.js'
import { collapse } from './scenarios.js'
import { restart } from './train-anew.js'
import * as keeping from './train-keep.js'
import { framesOf, lookingAt } from './train-way.js'

/** @typedef {import('./train.js').TrainRoom} TrainRoom */

/** @param {TrainRoom} room @param {number | null} step of the way; null: the present */
export async function look(room, step) {
  if (room.trainer.running) await room.halt()
  const frame = framesOf(room).find(each => each.step === step)
  room.looking = frame ? lookingAt(room, frame) : null
  room.stage.draw()
}

/** What came after the moment is gone, but for one way back. @param {TrainRoom} room @param {import('./timeline.js').Moment} moment */
export async function goBack(room, moment) {
  await room.halt()
  const before = await keeping.snapshot(room)
  await room.race.end()
  room.broken = null
  const done = await room.exchange(atelier => atelier.open(moment.blob), { history: room.trainer.history.until(moment.step), way: room.trainer.way?.until(moment.step), upTo: moment.step })
  if (done && before) keeping.offerUndo(room, before, () => t('machine.went', { step: moment.step, now: before.step }))
}

/** @param {TrainRoom} room @param {number | null} step that a session is kept of; null: a second run from step 0 */
export function openSetup(room, step) {
  room.setup = { moment: step === null ? null : room.timeline.near(step) ?? null }
  room.stage.draw()
}

/** @param {TrainRoom} room @param {Record<string, any>} changes */
export async function startRace(room, changes) {
  const { moment } = room.setup ?? { moment: null }
  const wasRunning = room.trainer.running
  room.setup = null
  await room.halt()
  const { family } = room.schema
  if (moment) {
    room.looking = null
    if (await room.race.fork(moment, { ...room.config, family }, changes)) await room.race.catchUp()
  } else {
    // From one seed means from the same beginning.
    if (room.trainer.step && !await restart(room, room.config, () => t('form.restarted_race'))) return room.stage.draw()
    await room.race.begin({ ...room.config, family }, changes, room.data)
  }
  room.rewrite()
  if (wasRunning) room.play()
  room.stage.draw()
}

/** A preset that collapses, beside the same with its remedy. @param {TrainRoom} room */
export async function showCollapse(room) {
  await room.race.end()
  room.use(collapse.family)
  await room.begin({ ...defaultsFor(room.schema, collapse.dataset), ...collapse.settings })
  await startRace(room, collapse.remedy)
  room.play()
}

/** @param {TrainRoom} room */
export async function endRace(room) {
  await room.race.end()
  room.rewrite()
}

/** The second run becomes the first. @param {TrainRoom} room */
export async function handOver(room) {
  await room.halt()
  const rest = await room.race.hand()
  if (rest) await room.reopen({ ...rest, data: room.data }, () => t('race.handed', { step: rest.step }))
}
