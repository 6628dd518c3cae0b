import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cornersOf, drag, gripAt, knobOf, middleOf, nudge, pinch, placeOf, settle, within } from '../../www/elements/draw/crop.js'
import { Album, encodingKey, freeFaces, likeliest, sharesOf, usable, weightsOf } from '../../www/rooms/faces-album.js'
import { blended, fusion } from '../../www/rooms/faces-plan.js'

const photo = { width: 400, height: 300 }
const crop = { x: 200, y: 150, size: 100, roll: 30 }
const near = (one, other, text) => Object.keys(other).forEach(key => assert.ok(Math.abs(one[key] - other[key]) < 1e-9, `${text ?? ''} ${key}: ${one[key]}, ${other[key]}`))

test('a place of the square and a point of the photo are each other’s inverse, and roll turns clockwise', () => {
  const point = placeOf(crop, 0.3, -0.2)
  near(within(crop, point), { u: 0.3, v: -0.2 })
  // Clockwise on a screen, whose y points down: the right edge's middle sinks.
  assert.ok(placeOf(crop, 0.5, 0).y > crop.y)
  near(placeOf({ ...crop, roll: 90 }, 0.5, 0), { x: 200, y: 200 })
})

test('a pointer takes hold of what lies under it', () => {
  assert.equal(gripAt(crop, { x: 205, y: 148 }, 8), 'move')
  for (const corner of cornersOf(crop)) assert.equal(gripAt(crop, corner, 8), 'size')
  assert.equal(gripAt(crop, knobOf(crop), 8), 'roll')
  assert.equal(gripAt(crop, { x: 10, y: 10 }, 8), null)
})

test('dragging moves, sizes and turns, each alone', () => {
  near(drag(crop, 'move', { x: 210, y: 150 }, { x: 230, y: 140 }), { ...crop, x: 220, y: 140 })
  const corner = cornersOf(crop)[2]
  near(drag(crop, 'size', corner, { x: 200 + 2 * (corner.x - 200), y: 150 + 2 * (corner.y - 150) }), { ...crop, size: 200 })
  near(drag(crop, 'roll', { x: 200, y: 50 }, { x: 300, y: 150 }), { ...crop, roll: 120 })
})

test('what lay between two fingers stays between them', () => {
  const from = [{ x: 150, y: 150 }, { x: 250, y: 150 }]
  const to = [{ x: 200, y: 100 }, { x: 200, y: 300 }]
  near(pinch(crop, from, to), { x: 200, y: 200, size: 200, roll: 120 })
})

test('keys do what the hand does, and the square stays about the photo', () => {
  assert.equal(nudge(crop, 'ArrowLeft').x, 198)
  assert.equal(nudge(crop, 'ArrowDown', true).y, 160)
  assert.ok(nudge(crop, '+').size > 100 && nudge(crop, '-').size < 100)
  assert.equal(nudge(crop, ']').roll, 32)
  assert.equal(nudge(crop, 'a'), null)
  near(settle({ x: -5, y: 900, size: 1e6, roll: 200 }, photo), { x: 0, y: 300, size: 800, roll: -160 })
  assert.deepEqual(settle(middleOf(photo), photo), middleOf(photo))
})

const source = name => ({ blob: new Blob([]), name, ...photo, bitmap: /** @type {any} */ (null), faces: [] })

test('every step of an album can be taken back, a drag as one', () => {
  const album = new Album()
  album.begin()
  const shot = album.add(source('one.jpg'), crop, 0)
  for (let x = 1; x <= 5; x++) album.place(shot, { ...crop, x })
  album.settle()
  album.place(shot, { ...crop, x: 9 })
  album.undo()
  assert.equal(album.shot?.crop.x, 5)
  album.undo()
  assert.deepEqual(album.shot?.crop, crop)
  assert.equal(album.shot?.face, 0)
  album.redo()
  assert.equal(album.shot?.crop.x, 5)
  album.removeShot(shot)
  assert.equal(album.person?.shots.length, 0)
  album.undo()
  assert.equal(album.person?.shots.length, 1)
  album.removePerson(album.state.chosen)
  assert.equal(album.person, undefined)
  for (let steps = 0; steps < 9; steps++) album.undo()
  assert.deepEqual(album.state, new Album().state)
  assert.equal(album.canUndo, false)
})

test('a photo without a face counts once it is placed, and only what changes the features changes their key', () => {
  const album = new Album()
  album.begin()
  const missed = album.add(source('hills.jpg'), middleOf(photo), -1)
  assert.equal(usable(album.person), false)
  album.place(missed, crop)
  assert.equal(usable(album.person), true)
  const key = encodingKey(album.person)
  album.weigh(missed, 0.2)
  assert.equal(encodingKey(album.person), key)
  album.place(missed, { ...crop, roll: 1 })
  assert.notEqual(encodingKey(album.person), key)
})

test('a weight of one’s own stands in for the encoder’s confidence; none at all for everyone’s', () => {
  const album = new Album()
  album.begin()
  const [one, two] = ['one', 'two'].map(name => album.add(source(name), crop, 0))
  assert.deepEqual(weightsOf(album.person, [0.6, 0.2]), [0.6, 0.2])
  album.weigh(one, 0)
  assert.deepEqual(weightsOf(album.person, [0.6, 0.2]), [0, 0.2])
  assert.deepEqual(sharesOf([0, 0.2]), [0, 1])
  album.weigh(two, 0)
  assert.deepEqual(weightsOf(album.person, [0.6, 0.2]), [0.6, 0.2])
  album.begin({ kept: {} })
  album.weighKept(album.state.chosen, 1, 0.5)
  assert.deepEqual(weightsOf(album.person, [0.9, 0.8]), [0.9, 0.5])
})

test('of several faces a large and sure one is meant', () => {
  const face = (size, score) => ({ x: 0, y: 0, size, roll: 0, score })
  assert.equal(likeliest([]), -1)
  assert.equal(likeliest([face(30, 99), face(100, 5), face(90, 8)]), 2)
})

test('two people are blended with the weights that the visitor gave to their photos', async () => {
  const album = new Album()
  const encoded = new Map()
  for (const confidences of [[0.6, 0.2], [0.5, 0.7]]) {
    album.begin()
    for (const name of ['one', 'two']) album.add(source(name), crop, 0)
    encoded.set(album.state.chosen, { weights: Float32Array.from(confidences) })
  }
  const [one, other] = album.state.people
  album.look({ chosen: one.id, partner: other.id })
  album.weigh(one.shots[0].id, 0.1)
  album.weigh(other.shots[1].id, 0)
  const asked = []
  const room = { album, pose: { seed: 3 }, get person() { return album.person }, encoded: ({ id }) => encoded.get(id), model: async () => ({ blend: (...words) => asked.push(words) }) }
  const before = blended(/** @type {any} */ (room), 0.5, 0)
  await before.make()
  const [[, , share, yaw, { weights, seed }]] = asked
  assert.deepEqual([share, yaw, seed], [0.5, 0, 3])
  assert.deepEqual(weights.map(each => each.map(weight => Math.round(weight * 10) / 10)), [[0.1, 0.2], [0.5, 0]])
  album.weigh(one.shots[0].id, 0.9)
  assert.notEqual(blended(/** @type {any} */ (room), 0.5, 0).key, before.key)
})

test('a photo is whose it was when it was given, up to eight, and nobody’s who is gone', () => {
  const album = new Album()
  const [one, other] = [album.begin(), album.begin()]
  const shot = album.add(source('late.jpg'), crop, 0, one)
  assert.deepEqual(album.state.people.map(({ shots }) => shots.length), [1, 0])
  assert.ok(shot > 0 && album.state.shot === 0, 'who is looked at stays')
  for (let at = 0; at < 7; at++) assert.ok(album.add(source(`${at}.jpg`), crop, 0, one))
  assert.equal(album.add(source('ninth.jpg'), crop, 0, one), 0)
  album.removePerson(other)
  assert.equal(album.add(source('gone.jpg'), crop, 0, other), 0)
})

test('whoever is chosen is blended with somebody else, also where both were the same', () => {
  const album = new Album()
  const [one, other] = [0, 1].map(() => {
    const id = album.begin()
    album.add(source('a'), crop, 0)
    return id
  })
  assert.equal(album.partner?.id, one)
  album.look({ chosen: one })
  assert.equal(album.partner?.id, other)
  album.removePerson(other)
  assert.equal(album.partner, undefined)
})

test('a first photo that counts for nothing leaves its step of the fusion out', () => {
  const album = new Album()
  album.begin()
  for (const name of ['one', 'two']) album.add(source(name), crop, 0)
  album.weigh(album.state.people[0].shots[0].id, 0)
  const room = /** @type {any} */ ({ album, pose: { seed: 1 }, encoded: () => ({ weights: [0.6, 0.4] }) })
  assert.deepEqual(fusion(room, /** @type {any} */ (album.person)).map(({ key }) => key !== ''), [false, true])
})

test('a face of a photo is free until somebody is it, by the finder or by hand', () => {
  const [large, small] = [{ x: 100, y: 100, size: 80, roll: 0, score: 1 }, { x: 300, y: 100, size: 60, roll: 0, score: 1 }]
  const crowd = { ...source('crowd'), faces: [small, large] }
  const album = new Album()
  const free = () => freeFaces(album.state, crowd).map(({ index }) => index)
  album.begin()
  assert.deepEqual(free(), [1, 0])
  const shot = album.add(crowd, large, 1)
  assert.deepEqual(free(), [0])
  album.place(shot, { ...large, x: 105 })
  assert.deepEqual(free(), [0], 'moved by hand it is the same face')
  album.place(shot, { ...large, x: 310 })
  assert.deepEqual(free(), [1])
})
