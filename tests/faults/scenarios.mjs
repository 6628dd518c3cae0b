/** Which faults are provoked where. */
import { turnFaces } from './faces.mjs'
import { halfOnDisk, halfRecords, reloads, storageFails, twoTabs } from './kept.mjs'
import { changedBytes, facesOffline, lateList, offline, replacedWorker } from './network.mjs'
import { paint } from './painting.mjs'
import { clockBack, frozen } from './time.mjs'
import { disturb, families, givenUp } from './training.mjs'

/** @typedef {{ name: string, run: (world: import('./run.mjs').World) => Promise<import('./tally.mjs').Tally> }} Scenario */

/** So many of each, as evenly as it goes. @param {number} all @param {number} parts @param {number} at */
const share = (all, parts, at) => Math.floor((all * (at + 1)) / parts) - Math.floor((all * at) / parts)

/** @param {string} kind @param {number} times @returns {string[]} */
const times = (kind, times) => Array(Math.max(0, times)).fill(kind)

/** What `npm test` has a minute for. */
const few = ['training gan', 'painting', 'turning a face', 'storage gone', 'two tabs on one training']

/**
 * @param {import('./run.mjs').Amounts} amounts @param {boolean} [small] a few of each, within a minute
 * @returns {Scenario[]}
 */
export function scenarios({ kills, panics, losses }, small = false) {
  // The plane and series are learned on the processor anyway.
  const cards = losses ? ['dcgan', 'acgan', 'cyclegan', 'drgan'] : []
  const names = small ? ['gan'] : Object.keys(families)
  const list = [
    ...names.map((family, at) => ({
      name: `training ${family}`,
      run: world => disturb(world, family, world.chance.shuffled([
        ...times('kill', share(Math.round(kills * 0.6), names.length, at)), ...times('panic', share(Math.round(panics * 0.3), names.length, at)), ...times('panic-within', share(Math.round(panics * 0.3), names.length, at))
      ]))
    })),
    { name: 'painting', run: world => paint(world, world.chance.shuffled([...times('kill', Math.round(kills * 0.1)), ...times('helper', Math.round(kills * 0.1)), ...times('panic', Math.round(panics * 0.1)), ...times('panic-within', Math.round(panics * 0.1))])) },
    { name: 'turning a face', run: world => turnFaces(world, world.chance.shuffled([...times('kill', Math.round(kills * 0.2)), ...times('panic', Math.round(panics * 0.1)), ...times('panic-within', Math.round(panics * 0.1))])) },
    ...cards.map((family, at) => ({ name: `the card lost in training ${family}`, run: world => disturb(world, family, times('loss', share(Math.round(losses * 0.6), cards.length, at)), true) })),
    ...(losses ? [
      { name: 'the card lost in painting', run: world => paint(world, times('loss', Math.round(losses * 0.2)), true) },
      { name: 'the card lost in turning a face', run: world => turnFaces(world, times('loss', Math.round(losses * 0.2)), true) },
      { name: 'a card given up', run: givenUp }
    ] : []),
    { name: 'storage full', run: world => storageFails(world, 'QuotaExceededError') },
    { name: 'storage gone', run: world => storageFails(world, 'InvalidStateError') },
    { name: 'a record cut in half', run: halfRecords },
    { name: 'a record cut in half on the disk', run: halfOnDisk },
    { name: 'two tabs on one training', run: twoTabs },
    { name: 'reload at any moment', run: world => reloads(world, 12) },
    { name: 'service worker replaced', run: replacedWorker },
    { name: 'offline in mid-download', run: offline },
    { name: 'a late list of models', run: lateList },
    { name: 'a download that breaks off', run: facesOffline },
    { name: 'bytes changed on the way', run: changedBytes },
    { name: 'clock set back', run: clockBack },
    { name: 'frozen for an hour', run: world => frozen(world, true) },
    { name: 'frozen for an hour, without locks', run: world => frozen(world, false) }
  ]
  return small ? list.filter(({ name }) => few.includes(name)) : list
}
