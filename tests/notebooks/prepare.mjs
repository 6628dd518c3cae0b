/** What the servers of notebooks show: the examples as they lie, and the cells of docs/notebooks.md as one notebook, asked at its end. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../scripts/run.mjs'

export const folder = path.join(root, 'target/notebooks/served')
/** Two test runs beside each other take other ports. */
const first = Number(process.env.TEST_PORT) || 4173
export const ports = { lab: first + 2, marimo: first + 3 }

const text = readFileSync(path.join(root, 'docs/notebooks.md'), 'utf8')
const blocks = language => [...text.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, code]) => code.trimEnd())
export const marimoCode = blocks('python marimo')[0]
export const cells = blocks('python')

/** Asked of everything that the cells before left behind. */
const questions = `
import json, os
import IPython
notes = {
    'losses': list(trainer.losses.shape), 'finite': bool(np.isfinite(trainer.losses).all()), 'made': [list(made.shape), str(made.dtype)],
    'modes': trainer.metrics['modes_total'], 'settings': trainer.settings['loss'],
    'own': own.samples(200).mean(axis=0).tolist(), 'inside': bool((abs(own.samples(64) - [20, 60]) < [6, 10]).all()),
    'pictures': [list(pictures.samples(16).shape), str(pictures.samples(16).dtype)], 'sequences': list(sequences.samples(8).shape),
    'again': [again.until(0), bool(np.array_equal(Trainer.load(again.save())._saved, again.save()))],
    'painting': [type(painting).__module__, list(painting.size), float(np.asarray(painting, float).std())],
    'changed': float(np.abs(np.asarray(painting, float) / 255 - photo).mean()),
}
try:
    again.samples(4, label='cat')
except errors.InvalidConfig as error:
    notes['label'] = str(error)
straight = trainer.until(210) and trainer.losses[200:]
notes['same'] = bool(np.array_equal(straight, again.losses))
try:
    Trainer.load(b'no session at all').step(1)
except errors.InvalidSession as error:
    notes['session'] = [error.code, str(error)]
print('NOTES', json.dumps(notes))
`.trim()

const cell = (source, at) => ({ cell_type: 'code', execution_count: null, id: `cell-${at}`, metadata: {}, outputs: [], source })
const notebook = sources => JSON.stringify({
  cells: sources.map(cell), metadata: { kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' } }, nbformat: 4, nbformat_minor: 5
})

/** No news, and no question whether one wants any. */
const settings = { '@jupyterlab/apputils-extension/notification.jupyterlab-settings': '{ "fetchNews": "false", "checkForUpdates": false }' }

export function prepare() {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'docs.ipynb'), notebook([...cells, questions]))
  for (const name of ['notebook.ipynb', 'notebook_marimo.py']) copyFileSync(path.join(root, 'examples', name), path.join(folder, name))
  for (const [name, said] of Object.entries(settings)) {
    const file = path.join(folder, 'home/settings', name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, said)
  }
}
