/** The training session's side of the worker: steps in short chunks, and checkpoints on the way. */
import { sideOf } from './chosen.js'
import { readOwn } from './own-data.js'
import { AtelierError } from './protocol.js'
import { Replica, canWait } from './replica.js'
import { readTable, tableOf } from './tables.js'

/** @typedef {import('./worker.js').Context} Context */

/** A chunk takes about as long as this, so that an abort or a pause is answered soon and a dead worker costs little. */
const chunkMs = 100
/** What a step may be asked for, by the engine's numbers. @type {(string | undefined)[]} */
const turns = [undefined, 'discriminator', 'generator']
/** How much training may be lost with a worker. */
const checkpointEveryMs = 3000

/**
 * One report for a call that was served in several chunks.
 * @param {any[]} parts @param {number} ms
 */
export function mergeReports(parts, ms) {
  const join = (/** @type {string} */ key) => {
    const all = new Float32Array(parts.reduce((sum, part) => sum + part[key].length, 0))
    let at = 0
    for (const part of parts) {
      all.set(part[key], at)
      at += part[key].length
    }
    return all
  }
  const { learning: _, ...last } = parts[parts.length - 1]
  const loss_d = join('loss_d')
  const loss_g = join('loss_g')
  const steps = Math.max(1, loss_d.length, loss_g.length)
  const learning = parts.reduce((sum, part) => sum + (part.learning ?? 0), 0)
  return { ...last, loss_d, loss_g, ms_per_step: ms / steps, ...(learning && { ms_learning: learning / steps }) }
}

/** @param {() => any} engine @param {() => any} exports what the engine's WebAssembly exports as it is */
export function trainingCalls(engine, exports) {
  /** @type {any} */
  let training = null
  /** Where other workers train with this one. @type {Replica | null} */
  let replica = null
  let msPerStep = 0
  let checkpointAt = 0

  /** @param {Context} context */
  async function checkpoint(context) {
    const bytes = await training.save()
    context.post({ checkpoint: bytes, step: training.steps }, [bytes.buffer])
    checkpointAt = performance.now()
  }

  /** @param {() => any} make @param {Context} context */
  async function begin(make, context) {
    const fresh = make()
    leave('another training began')
    training?.free()
    training = fresh
    msPerStep = 0
    await checkpoint(context)
    return state()
  }

  /** Its family's settings and no others, so that another session can be started from them: the engine's own may serve two families. */
  function told() {
    const { config } = training
    const known = engine().schema(config.family).fields.map((/** @type {{ key: string }} */ { key }) => key)
    return Object.fromEntries(Object.entries(config).filter(([key]) => key === 'family' || known.includes(key)))
  }

  /** @param {string} why */
  function leave(why) {
    replica?.leave(why)
    replica = null
  }

  /** A report, and what it took without the report itself: others may share that, and nothing else. @param {number} count @param {string} [only] */
  async function stepped(count, only) {
    const turn = turns.indexOf(only)
    if (!training.shares || turn < 0) return training.step(count, only)
    const before = performance.now()
    await (replica ?? training).advance(count, turn)
    const learning = performance.now() - before
    return { ...await training.report(), learning }
  }

  const shares = () => Boolean(engine().joinReplicas) && canWait() && training.shares
  const state = () => ({ config: told(), steps: training.steps, dataset: training.dataset, shares: shares() })

  return {
    /** @param {{ config: Record<string, any>, data?: any }} args @param {Context} context */
    async startTraining({ config, data }, context) {
      const table = data && (await tableOf(data))
      if (table) return begin(() => engine().Training.start(config, table), context)
      const { family } = config
      const work = { pause: context.yieldToMessages, progress: context.progress }
      const own = data && (await readOwn(data, { family, side: sideOf(config, engine().schema(family)) }, work))
      return { ...await begin(() => engine().Training.start(config, own?.data), context), about: own?.about }
    },

    /** @param {{ file: import('./own-data.js').File, wish: import('./table-wish.js').TableWish, length: number }} args */
    previewTable: async ({ file, wish, length }) => engine().previewTable(await readTable(file, wish, 'file'), length),
    /** @param {{ file: import('./own-data.js').File, wish: import('./table-wish.js').TableWish }} args */
    tablePoints: async ({ file, wish }) => engine().tablePoints(await readTable(file, wish, 'file')),

    /** @param {{ bytes: Uint8Array }} args @param {Context} context */
    openTraining: ({ bytes }, context) => begin(() => engine().Training.open(bytes), context),

    /** @param {{ index: number, ports: (MessagePort | null)[] }} place @param {Context} context */
    async joinReplicas(place, context) {
      leave('others came')
      const open = (/** @type {Uint8Array} */ bytes) => { training = engine().Training.open(bytes) }
      replica = new Replica({ engine: engine(), exports: exports(), training: () => training, open }, place, ({ message }) => context.post({ fault: { reason: 'killed', message } }))
      if (place.index === 0) replica.bring(await training.save())
      msPerStep = 0
    },
    /** In its turn. */
    leaveReplicas: () => leave('they are no help'),
    /** At once, also in the middle of a step. */
    loseReplicas: () => leave('the others are gone'),

    /** @param {{ n: number, only?: string }} args @param {Context} context */
    async step({ n, only }, context) {
      const parts = []
      let spent = 0
      for (let left = n; left > 0;) {
        const count = msPerStep ? Math.min(left, Math.max(1, Math.round(chunkMs / msPerStep))) : 1
        const before = performance.now()
        parts.push(await stepped(count, only))
        const took = performance.now() - before
        spent += took
        left -= count
        msPerStep = took / count
        if (performance.now() - checkpointAt > checkpointEveryMs) await checkpoint(context)
        // Aborted here, it stands where it stands.
        if (left > 0) await context.yieldToMessages().catch(error => { throw Object.assign(error, { details: { ...error.details, step: training.steps } }) })
      }
      return mergeReports(parts, spent)
    },

    /** @param {object} options */
    sample: options => training.sample(options),
    /** @param {object} options */
    inspect: options => training.inspect(options),
    /** @param {object} changes */
    tune(changes) {
      training.tune(changes)
      replica?.tune(changes)
      return state()
    },
    /** @param {{ direction: 'a' | 'b', format: string }} options */
    exportGenerator: ({ direction, format }) => training.export(format, direction),
    async save() {
      if (!training) throw new AtelierError('InvalidSession', 'No training is open.')
      return training.save()
    }
  }
}
