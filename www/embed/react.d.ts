/** `import 'gan-atelier/react'`: the module, and the elements' attributes and events in JSX (React 19). */
import type { ClassAttributes, HTMLAttributes } from 'react'
import type { AtelierElements } from './elements.js'

export * from '../gan-atelier.js'

type Listeners<Events> = { [Name in keyof Events as `on${Name & string}`]?: (event: Events[Name]) => void }
type Tags = {
  [Tag in keyof AtelierElements]: Omit<HTMLAttributes<HTMLElement>, 'lang'> & ClassAttributes<HTMLElementTagNameMap[Tag]>
    & AtelierElements[Tag]['attributes'] & Listeners<AtelierElements[Tag]['events']>
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends Tags {}
  }
}
