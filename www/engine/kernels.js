/** The painting kernels in a worker: their module's functions over addresses as objects that hold numbers. */

/** @typedef {{ filters: number, blocks: number, transposed: boolean }} Shape */

/** A generator whose weights are in the module. */
class Network {
  /** @param {any} exports @param {number} address */
  constructor(exports, address) {
    this.exports = exports
    this.address = address
    this.convolutions = exports.convolutions(address)
  }

  /** Rows that a strip borrows for a convolution. @param {number} at @returns {{ above: number, below: number }} */
  reach(at) {
    const both = this.exports.reach(this.address, at)
    return { above: both & 0xffff, below: both >>> 16 }
  }

  close() {
    this.exports.close(this.address)
  }
}

/** Some rows of a picture on their way through a network. */
class Strip {
  #kernels
  #network
  #address

  /** @param {Kernels} kernels @param {Network} network @param {number} address */
  constructor(kernels, network, address) {
    this.#kernels = kernels
    this.#network = network
    this.#address = address
  }

  /** Copies of rows of the maps: what a neighbour borrows, or the painting at the end. @param {number} from @param {number} [to] */
  rows(from, to = Infinity) {
    const { exports } = this.#kernels
    const [all, line] = [exports.rows(this.#address), exports.line(this.#address)]
    const [first, end] = [from < 0 ? all + from : from, Math.min(to, all)]
    return new Float32Array(exports.memory.buffer, exports.values(this.#address) + 4 * first * line, (end - first) * line).slice()
  }

  /** Multiplications of the next convolution. */
  work() {
    return this.#kernels.exports.work(this.#network.address, this.#address)
  }

  /**
   * The next convolution. @param {Float32Array} above @param {Float32Array} below borrowed rows, none beyond the picture
   * @returns {Float64Array} its moments; empty after the last
   */
  convolve(above, below) {
    const { exports } = this.#kernels
    const [up, down] = [this.#kernels.lay(above), this.#kernels.lay(below)]
    const count = exports.convolve(this.#network.address, this.#address, up.address, above.length, down.address, below.length)
    up.release()
    down.release()
    return new Float64Array(exports.memory.buffer, exports.moments(this.#address), count).slice()
  }

  /** The norm over the whole picture. @param {Float64Array[]} moments of all strips, from the top */
  settle(moments) {
    const all = new Float64Array(moments.length * moments[0].length)
    moments.forEach((each, at) => all.set(each, at * each.length))
    const laid = this.#kernels.lay(new Float32Array(all.buffer))
    this.#kernels.exports.settle(this.#address, laid.address, moments.length)
    laid.release()
  }

  close() {
    this.#kernels.exports.finish(this.#address)
  }
}

export class Kernels {
  /** @param {any} exports of an instance of the module */
  constructor(exports) {
    this.exports = exports
  }

  /** @param {WebAssembly.Module} module */
  static async start(module) {
    return new Kernels((await WebAssembly.instantiate(module)).exports)
  }

  /** Numbers put into the module's memory. @param {Float32Array} numbers @returns {{ address: number, release: () => void }} */
  lay(numbers) {
    if (!numbers.length) return { address: 0, release() {} }
    const address = this.exports.allocate(numbers.length)
    new Float32Array(this.exports.memory.buffer, address, numbers.length).set(numbers)
    return { address, release: () => this.exports.release(address, numbers.length) }
  }

  /** @param {Shape} shape @param {Float32Array} weights all of them, one layer after another */
  open({ filters, blocks, transposed }, weights) {
    const wanted = this.exports.weights(filters, blocks, Number(transposed))
    if (weights.length !== wanted) throw new Error(`${weights.length} weights for a network of ${wanted}`)
    const laid = this.lay(weights)
    const network = new Network(this.exports, this.exports.open(filters, blocks, Number(transposed), laid.address))
    laid.release()
    return network
  }

  /**
   * @param {Network} network @param {{ first: number, end: number, all: number, width: number }} part in quarters of the picture's rows
   * @param {Float32Array} rows `[4 (end - first), width, 3]`
   */
  begin(network, { first, end, all, width }, rows) {
    const laid = this.lay(rows)
    const strip = new Strip(this, network, this.exports.begin(network.address, first, end, all, width, laid.address))
    laid.release()
    return strip
  }
}
