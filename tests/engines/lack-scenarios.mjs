/** What an engine cannot do is found out, not assumed: the same page in the same engine, without one of its parts. */
import assert from 'node:assert/strict'
import { avifPicture } from '../../www/engine/avif.js'
import { openModule, visit } from './page.mjs'
import { site } from './places.mjs'
import { without } from './lacks.mjs'

/** @typedef {import('./scenarios.mjs').World} World */

/* The page's own helpers: page.mjs. */
/* global find, until, press, steps, drawn, hills, openAtelier */

const module = (/** @type {string} */ name) => `${site}${without(name)}/gan-atelier.js`
const bare = (/** @type {string} */ name) => `${site}${without(name)}/host/`

/** A training in the room, on points. @param {World} world @param {string} name @param {() => boolean} gone whether the page lacks it */
async function trains({ driver }, name, gone) {
  await visit(driver, `${site}${without(name)}/en/#train?v=1&dataset=ring&seed=7`)
  assert.equal(await driver.evaluate(gone), true, `${name} is still there`)
  await driver.evaluate(async () => {
    await press('#room-train', '[data-command=play]')
    await until(() => steps(['#room-train']) > 5, 'five steps')
    await until(() => find('#room-train', 'plane-view', 'canvas')?.width > 10, 'the picture')
  })
}

/** What becomes of a picture. @param {World} world @param {string} name @param {string} [file] bytes as base64, instead of hills */
async function paints({ driver }, name, file) {
  await openModule(driver, bare(name), module(name))
  return driver.evaluate(async given => {
    const photo = given ? new Blob([Uint8Array.from(atob(given), letter => letter.charCodeAt(0))]) : await drawn('hills.png', 96, 64, hills)
    const atelier = await openAtelier({ device: 'cpu' })
    try {
      const monet = await atelier.translator('monet')
      const { image } = await monet.translate(photo, { side: 48 })
      return { size: [image.width, image.height], colours: new Set(image.data).size }
    } catch (error) {
      return { code: error.code, reason: error.details?.reason }
    } finally {
      await atelier.close()
    }
  }, file)
}

const avif = async () => Buffer.from(await avifPicture().arrayBuffer()).toString('base64')

/** @type {{ name: string, run: (world: World) => Promise<string | null | void> }[]} */
export const lackScenarios = [
  {
    name: 'without OffscreenCanvas: points are learned, a photo is refused with a reason',
    async run(world) {
      await trains(world, 'OffscreenCanvas', () => typeof OffscreenCanvas === 'undefined')
      assert.deepEqual(await paints(world, 'OffscreenCanvas'), { code: 'Unsupported', reason: 'no_canvas' })
    }
  },
  { name: 'without navigator.locks', run: world => trains(world, 'locks', () => navigator.locks === undefined) },
  {
    name: 'without WebGPU: pictures are learned on the processor',
    async run({ driver }) {
      await openModule(driver, bare('gpu'), module('gpu'))
      const device = await driver.evaluate(async () => {
        const atelier = await openAtelier()
        const session = await atelier.train({ family: 'dcgan', width: 4, batch_size: 8 })
        await session.step(1)
        await atelier.close()
        return session.device
      })
      assert.deepEqual([device.kind, device.reason], ['cpu', 'no_webgpu'])
    }
  },
  ...['bitmapOptions', 'bitmapChoices'].map(name => ({
    name: `where createImageBitmap ${name === 'bitmapOptions' ? 'passes its options by' : 'refuses an option'}`,
    run: async (/** @type {World} */ world) => {
      const { size, colours } = await paints(world, name)
      assert.deepEqual(size, [48, 32])
      assert.equal(colours > 20, true, 'the painting is empty')
    }
  })),
  {
    name: 'AVIF: painted, or refused by its name',
    async run(world) {
      const here = await paints(world, 'locks', await avif())
      if (here.code) assert.deepEqual(here, { code: 'UnsupportedImage', reason: 'avif' })
      else assert.deepEqual(here.size, [48, 32])
      assert.deepEqual(await paints(world, 'AVIF', await avif()), { code: 'UnsupportedImage', reason: 'avif' })
      return here.code ? 'this engine has none' : undefined
    }
  }
]
