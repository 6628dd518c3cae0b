// The examples page: its lines name the site they are read on, and can be copied.
import './gan-atelier.js'

const page = document.documentElement
const site = new URL(page.dataset.root ?? './', location.href).href

/** Storage may be forbidden. */
function theme() {
  try { return localStorage.getItem('theme') ?? '' } catch { return '' }
}

/** @param {HTMLElement} example */
function prepare(example) {
  const lines = (example.textContent ?? '').replaceAll('https://atelier.example/', site)
  example.textContent = lines
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'copy'
  button.textContent = example.dataset.copy ?? ''
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(lines)
    button.textContent = example.dataset.copied ?? ''
  })
  example.after(button)
}

if (theme()) {
  page.dataset.theme = theme()
  for (const element of document.querySelectorAll('gan-trainer')) element.setAttribute('theme', theme())
}
for (const example of document.querySelectorAll('[data-example]')) prepare(/** @type {HTMLElement} */ (example))
