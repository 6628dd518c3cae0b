// Where a room's live part stands: a shadow root with the shared controls, drawn by lit at most once a frame.
import { nothing, render } from 'lit'
import { onLanguage, within } from '../i18n/translate.js'
import { controls } from '../styles/controls.js'

/**
 * @param {HTMLElement} mount @param {() => unknown} view @param {import('lit').CSSResult} [styles]
 * @returns {{ root: ShadowRoot, draw: () => void, close: () => void }}
 */
export function openStage(mount, view, styles) {
  const root = mount.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = /** @type {CSSStyleSheet[]} */ ([controls, styles].flatMap(style => style?.styleSheet ?? []))
  let frame = 0
  const draw = () => {
    // A timer, not an animation frame: the page must be up to date when a hidden tab is shown again.
    frame ||= window.setTimeout(() => {
      frame = 0
      within(mount, () => render(view(), root))
    }, 16)
  }
  const stop = onLanguage(draw)
  const close = () => {
    stop()
    clearTimeout(frame)
    // Whoever asks from here on is not drawn.
    frame = -1
    // What is in it frees what it holds when it leaves the document.
    render(nothing, root)
  }
  within(mount, () => render(view(), root))
  return { root, draw, close }
}

/**
 * How much of a long view is drawn: a part more each time, the next one asked for at once. Built, styled and laid out in one task, such
 * a view leaves no answer for longer than anybody should wait.
 * @param {() => void} draw @param {number} count
 */
export function inParts(draw, count) {
  let shown = 0
  return () => {
    if (shown < count) {
      shown++
      draw()
    }
    return shown
  }
}
