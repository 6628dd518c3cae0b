// The name of a radio button's group, given back before the button is taken out: Chromium (153 and 156 were seen) never lets go of a button that left a
// shadow root with its name, nor of what it lay in, as long as the shadow root is in the page (findings/chromium-radio-in-shadow-root.sh).
import { AsyncDirective, directive } from 'lit/async-directive.js'

class Grouped extends AsyncDirective {
  /** @param {import('lit').AttributePart} part @param {[string]} names */
  update({ element }, [name]) {
    this.input = element
    this.name = name
    return name
  }

  /** @param {string} name */
  render(name) {
    return name
  }

  disconnected() {
    this.input?.removeAttribute('name')
  }

  reconnected() {
    this.input?.setAttribute('name', /** @type {string} */ (this.name))
  }
}

/** `<input type="radio" name=${grouped('way')}>` */
export const grouped = directive(Grouped)
