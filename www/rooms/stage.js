// Where a room's live part stands: a shadow root with the shared controls, drawn by lit at most once a frame.
import { render } from 'lit'
import { onLanguage } from '../i18n/translate.js'
import { controls } from '../styles/controls.js'

/**
 * @param {HTMLElement} mount @param {() => unknown} view @param {import('lit').CSSResult} [styles]
 * @returns {{ root: ShadowRoot, draw: () => void }}
 */
export function openStage(mount, view, styles) {
  const root = mount.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = /** @type {CSSStyleSheet[]} */ ([controls, styles].flatMap(style => style?.styleSheet ?? []))
  let frame = 0
  const draw = () => {
    // A timer, not an animation frame: the page must be up to date when a hidden tab is shown again.
    frame ||= window.setTimeout(() => {
      frame = 0
      render(view(), root)
    }, 16)
  }
  onLanguage(draw)
  render(view(), root)
  return { root, draw }
}
