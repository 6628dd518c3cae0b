/** What index.html repeats for each room: links, doors, sections, with {{placeholders}} that vite-languages.js fills. */

/** @typedef {import('../www/rooms.js').RoomEntry} RoomEntry */

/** A text that follows the language without a reload. @param {string} tag @param {string} key @param {string} [attributes] */
const text = (tag, key, attributes = '') => `<${tag}${attributes} data-t="${key}">{{${key}}}</${tag}>`

/** The brand leads home. @param {RoomEntry[]} rooms */
const links = rooms => rooms.filter(({ id }) => id !== 'home').map(({ id }) => text('a', `nav.${id}`, ` href="#${id}"`))

/** @param {RoomEntry[]} rooms */
const doors = rooms => rooms.filter(({ id }) => id !== 'home')
  .map(({ id }) => `<li><a href="#${id}">${text('strong', `home.door_${id}`)}${text('span', `home.door_${id}_text`)}</a></li>`)

/** @param {RoomEntry} room */
const section = ({ id, photos }) => `<section id="${id}" data-room="${id}" class="room ${id}" aria-labelledby="${id}-heading">
      <header class="room-head">
        ${text('h1', `${id}.heading`, ` id="${id}-heading" tabindex="-1"`)}
        ${text('p', `${id}.intro`)}${photos ? `\n        ${text('p', 'page.photos_stay', ' class="privacy"')}` : ''}
      </header>
      <div data-mount="${id}"></div>
    </section>`

/** @param {string} html with the comments `<!-- rooms: links -->`, `doors` and `sections` @param {RoomEntry[]} rooms */
export function writeRooms(html, rooms) {
  const parts = { links: links(rooms), doors: doors(rooms), sections: rooms.filter(({ own }) => !own).map(section) }
  return html.replace(/<!-- rooms: (\w+) -->/g, (_, name) => parts[name].join('\n'))
}
