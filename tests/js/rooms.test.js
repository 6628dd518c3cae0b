import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { writeRooms } from '../../scripts/rooms.js'
import { rooms } from '../../www/rooms.js'

const root = path.resolve(import.meta.dirname, '../..')
const source = readFileSync(path.join(root, 'index.html'), 'utf8')
const load = () => Promise.reject(new Error('the build enters no room'))

test('one more line in the list is one more link, door and section', () => {
  const before = writeRooms(source, rooms)
  const html = writeRooms(source, [...rooms, { id: 'garden', load, photos: true }])
  for (const part of ['<a href="#garden" data-t="nav.garden">{{nav.garden}}</a>', 'data-t="home.door_garden_text"', '<section id="garden" data-room="garden"', '<div data-mount="garden">', 'data-t="page.photos_stay"']) {
    assert.ok(html.includes(part), part)
    assert.ok(!before.includes('garden'))
  }
})

test('every room has exactly one section, whether the build or index.html writes it', () => {
  const written = [...writeRooms(source, rooms).matchAll(/data-room="(\w+)"/g)].map(([, id]) => id)
  assert.deepEqual(written.toSorted(), rooms.map(({ id }) => id).toSorted())
  assert.ok(!writeRooms(source, rooms).includes('<!-- rooms:'))
})
