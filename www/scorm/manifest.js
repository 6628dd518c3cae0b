// imsmanifest.xml and the page of each lesson: what makes files a SCORM package. Pure: the same for the command and for a page.

/** @typedef {import('./platform.js').Edition} Edition */
/** @typedef {{ name: string, title: string }} Entry a lesson */
/**
 * @typedef {object} Order
 * @property {Edition} edition
 * @property {Entry[]} lessons one SCO each
 * @property {string} title of the whole
 * @property {string} id of the whole, letters and hyphens
 * @property {string} [lang] the author's choice, for platforms that name no language
 * @property {boolean} [locked]
 * @property {string} version
 */

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** @param {string} text */
const escape = text => text.replace(/[&<>"']/g, letter => escapes[letter])

const namespaces = {
  '1.2': 'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"',
  2004: 'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss"',
}
const versions = { '1.2': '1.2', 2004: '2004 4th Edition' }
/** The one letter in which the two differ. */
const kindOf = { '1.2': 'adlcp:scormtype', 2004: 'adlcp:scormType' }

/** The lesson says itself when it is finished and passed. */
const byContent = '<imsss:sequencing><imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/></imsss:sequencing>'

/** @param {string} condition of all lessons @param {string} action on the whole */
const rule = (condition, action) => `<imsss:rollupRule childActivitySet="all"><imsss:rollupConditions><imsss:rollupCondition condition="${condition}"/></imsss:rollupConditions><imsss:rollupAction action="${action}"/></imsss:rollupRule>`

/** Lessons in any order, one after another too; the whole is finished when all are. */
const together = `<imsss:sequencing><imsss:controlMode choice="true" flow="true"/><imsss:rollupRules>${rule('completed', 'completed')}${rule('satisfied', 'satisfied')}</imsss:rollupRules></imsss:sequencing>`

/** @param {string} name */
const pageOf = name => `${name}.html`

/** @param {Order} order @param {string[]} files shared by all lessons */
export function manifestOf({ edition, lessons, title, id, version }, files) {
  const sequenced = edition === '2004'
  const item = ({ name, title: own }) => `      <item identifier="item-${name}" identifierref="lesson-${name}"><title>${escape(own)}</title>${sequenced ? byContent : ''}</item>`
  const kind = kindOf[edition]
  const sco = ({ name }) => `    <resource identifier="lesson-${name}" type="webcontent" ${kind}="sco" href="${pageOf(name)}"><file href="${pageOf(name)}"/><dependency identifierref="shared"/></resource>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${id}" version="${version}" ${namespaces[edition]}>
  <metadata><schema>ADL SCORM</schema><schemaversion>${versions[edition]}</schemaversion></metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>${escape(title)}</title>
${lessons.map(item).join('\n')}${sequenced ? `\n      ${lessons.length > 1 ? together : '<imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>'}` : ''}
    </organization>
  </organizations>
  <resources>
${lessons.map(sco).join('\n')}
    <resource identifier="shared" type="webcontent" ${kind}="asset">
${files.map(file => `      <file href="${escape(file)}"/>`).join('\n')}
    </resource>
  </resources>
</manifest>
`
}

/** @param {string} template sco.html as the build left it @param {Order} order @param {Entry} lesson */
export function scoPage(template, { edition, lang = '', locked = false }, { name, title }) {
  const values = { edition, lang, language: lang || 'en', title: escape(title), lesson: name }
  const page = template.replace(/\{\{(\w+)\}\}/g, (_, key) => values[key] ?? '')
  return locked ? page.replace(/<gan-lesson /, '<gan-lesson locked ') : page
}

/**
 * Everything in a package besides the shared files.
 * @param {Order} order @param {{ template: string, files: string[] }} built @returns {{ name: string, text: string }[]}
 */
export function packagePages(order, { template, files }) {
  const pages = order.lessons.map(lesson => ({ name: pageOf(lesson.name), text: scoPage(template, order, lesson) }))
  return [{ name: 'imsmanifest.xml', text: manifestOf(order, files) }, ...pages]
}

/** How a package is called. @param {string} id @param {Edition} edition */
export const packageName = (id, edition) => `${id}-scorm${edition.replace('.', '')}.zip`

/** One lesson, or all of them. @param {string} [lesson] */
export const packageId = (lesson = 'lessons') => `gan-atelier-${lesson}`
