// How made pictures are looked at: by class, on a walk, a smile carried along; and networks that have learned already.
import { t } from '../i18n/translate.js'
import { notice } from './notices.js'

/** @typedef {import('./train.js').TrainRoom} TrainRoom */

/** Both runs, where there are two. @param {TrainRoom} room */
const runs = room => [room.trainer, room.race.trainer].filter(trainer => trainer !== null)

/** @param {TrainRoom} room @param {Record<string, boolean>} wants */
export function want(room, wants) {
  for (const trainer of runs(room)) trainer.want(wants)
  room.stage.draw()
}

/** @param {TrainRoom} room @param {string} name */
function lookAs(room, name) {
  room.pictureLook = name
  want(room, { classes: name === 'classes', walk: name === 'walk', smile: name === 'smile' })
}

/** @param {TrainRoom} room @param {object} change */
function walkOn(room, change) {
  for (const trainer of runs(room)) trainer.walk = { ...trainer.walk, ...change }
  want(room, {})
}

/** What there is of networks that have learned already. @param {TrainRoom} room */
export const trainedCard = room => (room.schema?.family === 'acgan' && room.config.dataset === 'digits' ? room.cards.find(({ kind }) => kind === 'acgan') : undefined)

/** Networks that speak at once, and go on learning when asked to. @param {TrainRoom} room */
export async function showTrained(room) {
  const card = trainedCard(room)
  if (!card) return
  await room.race.end()
  Object.assign(room, { collecting: false, data: undefined, broken: null })
  if (!(await room.exchange(atelier => atelier.trained(card.id)))) return
  lookAs(room, 'classes')
  notice('opened', () => t('acgan.trained_note', { step: room.trainer.step }), { passing: true })
}

/** @param {TrainRoom} room */
export function lookActions(room) {
  return {
    pictureLook: name => lookAs(room, name),
    walkElsewhere: () => walkOn(room, { from: room.trainer.walk.to, to: room.trainer.walk.to + 1 }),
    walkAs: label => walkOn(room, { label }),
    findSmile: () => room.trainer.findSmile(),
    showTrained: () => showTrained(room),
  }
}
