/** `import 'gan-atelier/vue'`: the module, and the elements' attributes and events in Vue's templates (vue-tsc). */
import type { HTMLAttributes } from 'vue'
import type { AtelierElements } from './elements.js'

export * from '../gan-atelier.js'

type Camel<Name> = Name extends `${infer Word}-${infer Rest}` ? `${Capitalize<Word>}${Capitalize<Rest>}` : never
type Listeners<Events> = { [Name in keyof Events as `on${Camel<Name>}`]?: (event: Events[Name]) => void }
type Tags = {
  [Tag in keyof AtelierElements]: new () => HTMLElementTagNameMap[Tag] & {
    $props: Omit<HTMLAttributes, 'lang'> & AtelierElements[Tag]['attributes'] & Listeners<AtelierElements[Tag]['events']>
  }
}

declare module 'vue' {
  interface GlobalComponents extends Tags {}
}
