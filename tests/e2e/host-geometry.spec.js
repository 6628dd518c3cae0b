// Whatever a page does to the size and place of what is embedded in it: pointers go where they point, and what is drawn is sharp.
import { expect } from '@playwright/test'
import { places, test } from './host.mjs'
import { ports } from './serve.mjs'

const stranger = `http://localhost:${ports.stranger}`
const module = places['another origin'].module

test.use({ allowedErrors: /favicon\.ico|404 \(Not Found\)/ })

/** A slide as reveal.js lays it out: moved, scaled from its middle, in a scene with perspective. */
const reveal = 'position: absolute; left: 50%; top: 50%; width: 700px; perspective: 600px; transform-style: preserve-3d; transform: translate(-50%, -50%) scale(0.73)'
/** How the page around looks, and by how many degrees it turns. */
const looks = {
  plain: ['', 0], 'letters of 10 pixels': ['', 0, '62.5%'], 'letters of 100 pixels': ['', 0, '100px'], 'page zoom': ['zoom: 1.5', 0], 'half the size': ['transform: scale(.5); transform-origin: 0 0', 0],
  'the properties scale and zoom': ['scale: 0.8 0.6; zoom: 0.9', 0], 'a slide': [reveal, 0], 'a slide, letters of 10 pixels': [reveal, 0, '62.5%'], turned: ['transform: rotate(20deg) scale(.9)', 20],
  'the property rotate': ['rotate: -30deg; scale: 0.7', -30],
}

/** Opens the elements' modules, and stands bare elements of ours into a slide; no engine is asked for anything. */
async function standUp(page) {
  await page.goto(stranger)
  await page.evaluate(async url => {
    document.body.innerHTML = '<div id="slide" style="width: 700px"><gan-trainer lang="en"></gan-trainer><div id="bare" style="width: 600px"></div></div><photo-stylizer hidden></photo-stylizer><face-rotator hidden></face-rotator>'
    await import(url)
    await Promise.all(['gan-trainer', 'photo-stylizer', 'face-rotator'].map(tag => document.querySelector(tag).start()))
    await Promise.all(['before-after', 'face-crop', 'drawing-pad', 'curve-pad', 'own-sketch', 'face-turner', 'plane-view', 'loss-chart'].map(tag => customElements.whenDefined(tag)))
    document.querySelector('gan-trainer').style.display = 'none'
  }, module)
}

/** @param {import('@playwright/test').Page} page @param {string} tag @param {any[]} look */
const stand = (page, tag, [style, , letters = '']) => page.evaluate(async ([tag, style, letters]) => {
  document.documentElement.style.fontSize = letters
  const slide = document.getElementById('slide')
  slide.style.cssText = `width: 700px; ${style}`
  // As in an embedded element, whose border makes up for the page's letters.
  const host = document.querySelector('gan-trainer')
  host.style.display = ''
  dispatchEvent(new Event('resize'))
  const zoom = getComputedStyle(host).zoom
  host.style.display = 'none'
  document.getElementById('bare').style.cssText = `width: ${600 / zoom}px; zoom: ${zoom}; --zoom: ${zoom}`
  const element = document.createElement(tag)
  document.getElementById('bare').replaceChildren(element)
  const picture = new ImageData(400, 300)
  const bitmap = await createImageBitmap(picture)
  Object.assign(element, {
    'before-after': { original: picture, painting: picture }, 'face-crop': { photo: { bitmap, width: 400, height: 300 }, crop: { x: 40, y: 40, size: 30, roll: 0 } },
    'face-turner': { picture: new ImageData(96, 96), yaw: 0 }, 'plane-view': { real: new Float32Array(4) }, 'loss-chart': { history: { step: [1, 2, 3], d: [1, 2, 1], g: [2, 1, 2] } },
  }[tag] ?? {})
  await element.updateComplete
  element.scrollIntoView({ block: 'center' })
  await new Promise(resolve => setTimeout(resolve, 120))
  return Number(zoom)
}, [tag, style, letters])

/** The middle of something inside, in the page's pixels. */
const middle = (page, tag, inside) => page.evaluate(([tag, inside]) => {
  const { left, top, width, height } = document.querySelector(tag).shadowRoot.querySelector(inside).getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}, [tag, inside])

const along = ({ x, y }, by, degrees) => ({ x: x + by * Math.cos(degrees * Math.PI / 180), y: y + by * Math.sin(degrees * Math.PI / 180) })
const read = (page, tag, name) => page.evaluate(([tag, name]) => structuredClone(document.querySelector(tag)[name]), [tag, name])
const press = async (page, { x, y }) => { await page.mouse.move(x, y); await page.mouse.down(); await page.mouse.move(x, y); await page.mouse.up() }

test('the line between before and after stays under the pointer', async ({ page }) => {
  await standUp(page)
  for (const [name, look] of Object.entries(looks)) {
    await stand(page, 'before-after', look)
    const centre = await middle(page, 'before-after', '.frame')
    for (const by of [-70, 0, 55]) {
      const at = along(centre, by, look[1])
      await press(page, at)
      const line = await middle(page, 'before-after', '.line')
      expect(Math.hypot(line.x - at.x, line.y - at.y), `${name}, ${by}`).toBeLessThan(2.5)
    }
    await page.evaluate(() => { document.querySelector('before-after').cut = 0.5 })
    expect(await read(page, 'before-after', 'cut')).toBe(0.5)
  }
})

test('the square on a face comes to where it is pressed, and a hand that moves on takes it along', async ({ page }) => {
  await standUp(page)
  for (const [name, look] of Object.entries(looks)) {
    await stand(page, 'face-crop', look)
    const centre = await middle(page, 'face-crop', '.frame')
    await page.mouse.move(centre.x, centre.y)
    await page.mouse.down()
    const pressed = await read(page, 'face-crop', 'crop')
    expect(Math.hypot(pressed.x - 200, pressed.y - 150), `${name}: pressed`).toBeLessThan(3)
    const { x, y } = along(centre, 40, look[1])
    await page.mouse.move(x, y)
    await page.mouse.up()
    // Where the square is drawn says the same as where the pointer is.
    const square = await middle(page, 'face-crop', 'svg .square')
    expect(Math.hypot(square.x - x, square.y - y), `${name}: taken along`).toBeLessThan(3)
    const moved = await read(page, 'face-crop', 'crop')
    expect(Math.abs(moved.y - 150), `${name}: straight`).toBeLessThan(3)
  }
})

test('pads are drawn on where the pen is, and a face turns as far as the finger goes', async ({ page }) => {
  await standUp(page)
  for (const [name, look] of Object.entries(looks)) {
    for (const [tag, want] of [['drawing-pad', [0, 0]], ['own-sketch', [0.5, 0.5]]]) {
      await stand(page, tag, look)
      await press(page, await middle(page, tag, '.pad'))
      const brush = await read(page, tag, 'brush')
      expect(Math.hypot(brush[0] - want[0], brush[1] - want[1]), `${name}: ${tag}`).toBeLessThan(0.03)
    }
    await stand(page, 'curve-pad', look)
    const pen = await middle(page, 'curve-pad', '.pad')
    await page.mouse.move(pen.x, pen.y)
    await page.mouse.down()
    const [start] = await read(page, 'curve-pad', 'stroke')
    await page.mouse.up()
    expect(Math.hypot(start[0] - 0.5, start[1] - 0.5), `${name}: curve-pad`).toBeLessThan(0.03)
    await stand(page, 'face-turner', look)
    const face = await middle(page, 'face-turner', '.stage')
    const across = along(face, 50, look[1] + 90)
    await page.mouse.move(face.x, face.y)
    await page.mouse.down()
    await page.mouse.move(across.x, across.y)
    await page.mouse.up()
    expect(Math.abs(await read(page, 'face-turner', 'yaw')), `${name}: face-turner, straight down`).toBeLessThan(2)
  }
})

test('canvases and charts have a pixel for every pixel of the screen', async ({ page }) => {
  await standUp(page)
  for (const [name, look] of Object.entries(looks)) {
    if (look[1]) continue
    for (const tag of ['plane-view', 'loss-chart']) {
      await stand(page, tag, look)
      const share = await page.evaluate(async tag => {
        for (let tries = 0; tries < 40; tries++) {
          const canvas = document.querySelector(tag).shadowRoot.querySelector('canvas')
          const seen = canvas?.getBoundingClientRect().width
          if (seen && canvas.width !== 300 && canvas.width >= seen * 0.98) return canvas.width / seen
          await new Promise(resolve => setTimeout(resolve, 50))
        }
        const canvas = document.querySelector(tag).shadowRoot.querySelector('canvas')
        return canvas ? canvas.width / canvas.getBoundingClientRect().width : 0
      }, tag)
      expect(share, `${name}: ${tag}`).toBeGreaterThan(0.98)
      expect(share, `${name}: ${tag}`).toBeLessThan(2.3)
    }
  }
})

test('a patch of the realism map is the one under the pointer', async ({ page }) => {
  await page.goto('en/#cycle')
  await page.evaluate(() => customElements.whenDefined('realism-map'))
  await page.evaluate(() => { document.body.innerHTML = '<div id="slide"><div id="bare"></div></div>' })
  for (const [name, [style, degrees]] of Object.entries(looks)) {
    await page.evaluate(async style => {
      const element = document.createElement('realism-map')
      document.getElementById('slide').style.cssText = `width: 500px; ${style}`
      document.getElementById('bare').replaceChildren(element)
      Object.assign(element, { picture: new ImageData(160, 160), map: { data: new Float32Array(324), width: 18, height: 18 } })
      await element.updateComplete
      element.scrollIntoView({ block: 'center' })
    }, style)
    const at = await middle(page, 'realism-map', 'canvas')
    const down = along(at, 60, degrees + 90)
    await page.mouse.move(at.x + 1, at.y + 1)
    const centre = await read(page, 'realism-map', 'chosen')
    expect([Math.abs(centre.column - 9) <= 1, Math.abs(centre.row - 9) <= 1], name).toEqual([true, true])
    await page.mouse.move(down.x, down.y)
    const below = await read(page, 'realism-map', 'chosen')
    expect([Math.abs(below.column - centre.column) <= 1, below.row > centre.row], name).toEqual([true, true])
  }
})
