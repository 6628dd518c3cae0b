// A training begun anew with other settings, in a way that can be taken back.
import { t } from '../i18n/translate.js'
import { notice } from './notices.js'
import { offerUndo, snapshot } from './train-keep.js'

/** @typedef {import('./train.js').TrainRoom} TrainRoom */

/** A training that was opened from a file has learned from data that are not at hand: it is not given up for one without any. @param {TrainRoom} room */
export function lacksData(room) {
  const lacks = Boolean(room.described(room.config.dataset)?.own && !room.data && !room.collecting && room.trainer.session)
  if (lacks) notice('no_data', () => t('form.no_data'), { passing: true })
  return lacks
}

/**
 * The settings are shown at once: what is changed next is changed from there.
 * @param {TrainRoom} room @param {Record<string, any>} config @param {() => string} say what happened @param {boolean} [always] it plays, whether the one before did or not
 */
export async function restart(room, config, say, always = false) {
  if (lacksData(room)) return false
  const former = room.trainer.session?.config ?? room.config
  const play = room.trainer.running || room.resuming || always
  Object.assign(room, { config, resuming: play })
  room.stage.draw()
  await room.trainer.pause()
  // Changed once more meanwhile.
  if (room.config !== config) return true
  const before = room.trainer.step && !room.broken ? await snapshot(room) : null
  await room.begin(config, { ...room.own(), play })
  if (before) offerUndo(room, { ...before, config: former }, say)
  return true
}

/** A fifth of the learning rates, within what the schema allows. @param {TrainRoom} room */
export function gentler({ schema, config }) {
  const rates = schema.fields.filter(({ key }) => key.startsWith('learning_rate'))
  return Object.fromEntries(rates.map(({ key, min }) => [key, Math.max(min ?? 0, Number((config[key] / 5).toPrecision(2)))]))
}
