// What the page around an element does, and the element has to know: who the keys are for, whether it can be seen, light or dark.

/** Near enough that it is there when it is scrolled to. */
const nearby = '200px'
/** A slide or a tab that covers it tells nobody: while it is near, it is looked at this often. */
const lookMs = 500

/** The way out, the way on, and what a presenter's remote sends: the page's, whatever has the focus. */
const pagesOwn = /^(Escape|Tab|PageUp|PageDown|F\d+)$/
/** Pressed, not typed into: any other key than these is none of theirs. */
const pressable = 'button, a, summary, input:is([type=checkbox], [type=button], [type=file], [type=color])'
const presses = [' ', 'Enter']
/** Moved by these alone: a slider has no use for a space, nor for letters. @type {Record<string, RegExp>} */
const moves = { range: /^(Arrow\w+|Home|End)$/, radio: /^(Arrow\w+| )$/ }

/** @param {KeyboardEvent} event */
function isOurs(event) {
  const target = /** @type {Element} */ (event.composedPath()[0])
  if (event.defaultPrevented) return true
  if (event.ctrlKey || event.metaKey || event.altKey || pagesOwn.test(event.key)) return false
  if (target.matches(pressable)) return presses.includes(event.key)
  const moved = target.matches('input') && moves[/** @type {HTMLInputElement} */ (target).type]
  if (moved) return moved.test(event.key)
  return target.matches('input, select, textarea')
}

/**
 * Slides turn at a space, documentation searches at a letter, and both ask which element has the focus, which a shadow tree hides from
 * them. What a control in here uses goes no further; any other key is the page's, so that slides still turn after a click on "play".
 * @param {HTMLElement} host
 */
export function keepKeys(host) {
  host.addEventListener('keydown', event => { if (event.composedPath()[0] !== host && isOurs(event)) event.stopPropagation() })
}

/**
 * HTML gives every element a `dataset` that nobody may set, and React and Vue set what an element has, instead of the attribute.
 * @param {typeof HTMLElement} kind
 */
export function openDataset(kind) {
  const own = Object.getOwnPropertyDescriptor(globalThis.HTMLElement?.prototype ?? {}, 'dataset')
  /** @this {HTMLElement} @param {any} name */
  function set(name) {
    if (name === null || name === undefined) this.removeAttribute('dataset')
    else this.setAttribute('dataset', name)
  }
  if (own) Object.defineProperty(kind.prototype, 'dataset', { ...own, set })
}

/**
 * Tells whether anybody can see it, at first and when that changes: scrolled to, and on no slide that is hidden or transparent.
 * @param {Element} element @param {(shown: boolean) => void} tell @returns {() => void} stops watching
 */
export function watchSight(element, tell) {
  /** @type {boolean | undefined} */
  let shown
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer
  /** @param {boolean} near */
  const look = near => {
    const now = near && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    if (now !== shown) tell(shown = now)
  }
  const observer = new IntersectionObserver(entries => {
    const near = Boolean(entries.at(-1)?.isIntersecting)
    clearInterval(timer)
    if (near) timer = setInterval(look, lookMs, true)
    look(near)
  }, { rootMargin: nearby })
  observer.observe(element)
  return () => { clearInterval(timer); observer.disconnect() }
}

/**
 * A sign that the page's own switch turns: its colours depend on the `color-scheme` it stands in, and one of them so slowly that
 * the browser tells of the change.
 * @param {() => void} changed
 */
export function schemeProbe(changed) {
  const probe = document.createElement('i')
  probe.hidden = true
  probe.addEventListener('transitionrun', changed)
  Object.assign(probe.style, {
    display: 'block', position: 'absolute', visibility: 'hidden',
    color: 'light-dark(#fff, #000)', background: 'light-dark(#fff, #000)', transition: 'color 1ms'
  })
  return probe
}

/** @param {Element} probe in its place, where nothing of ours says which scheme it is @returns {'light' | 'dark'} */
export const schemeAt = probe => (getComputedStyle(probe).backgroundColor === 'rgb(0, 0, 0)' ? 'dark' : 'light')
