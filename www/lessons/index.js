// The lessons, by the files that are there: a folder with lesson.json, en.json and zh-Hant.json is one (docs/lessons.md).
import { language } from '../i18n/translate.js'

/**
 * @typedef {{ id: string, settings: Record<string, any> }} Choice
 * @typedef {'horse' | 'flow' | 'view' | 'figures' | 'contest' | 'losses'} Part
 * @typedef {{ name: string, order: number, experiment: Record<string, any>, show: Part[], look?: string, choices?: Choice[], goals: import('./goals.js').Goal[], links?: string[] }} Lesson
 * @typedef {{ title: string, short: string, text: string[], choices?: Record<string, string>, goals: Record<string, string>, done: string }} LessonText
 */

/** @param {string} file ./NAME/... */
const nameOf = file => file.split('/')[1]

const data = import.meta.glob('./*/lesson.json', { eager: true, import: 'default' })

/** @type {Lesson[]} */
export const lessons = Object.entries(data).map(([file, lesson]) => ({ name: nameOf(file), .../** @type {any} */ (lesson) })).sort((one, other) => one.order - other.order)

/** @type {Record<string, () => Promise<{ default: Record<string, any> }>>} */
const loaders = { en: () => import('./texts-en.js'), 'zh-Hant': () => import('./texts-zh-Hant.js') }
/** @type {Record<string, Record<string, LessonText>>} */
const loaded = {}

/** @param {string} wished @returns {Promise<void>} */
export async function loadTexts(wished) {
  if (loaded[wished]) return
  const files = (await loaders[wished]()).default
  loaded[wished] = Object.fromEntries(Object.entries(files).map(([file, text]) => [nameOf(file), text]))
}

/** In the language that is being spoken; in the one before until that has arrived. @param {string} name @returns {LessonText | undefined} */
export const lessonText = name => (loaded[language()] ?? Object.values(loaded)[0])?.[name]

/** In another language, once its texts are there. @param {string} wished '' for the one that is being spoken @param {string} name */
export const titleIn = (wished, name) => (loaded[wished]?.[name] ?? lessonText(name))?.title ?? name

export const hasTexts = () => Boolean(loaded[language()])
