// A camera of the device as elements show it: asked for, switched to the other one, and let go of. Its light is on as long as it is held.

/** Until a camera's first picture is there, browsers show frames of 2 × 2 pixels. */
const leastWidth = 8

export class Lens {
  /** @type {MediaStream | null} */
  stream = null
  /** Whether there is another camera. */
  several = false
  /** Which side is wished. @type {'environment' | 'user'} */
  facing = 'environment'
  /** One camera of several, where they do not say which side they face. */
  #device = ''
  /** Counts what was asked for: the answer to an earlier question is let go of. */
  #turn = 0

  /** Whether the pictures are of whoever looks at them; most cameras of computers do not say. */
  get facesUser() {
    return this.stream?.getVideoTracks()[0]?.getSettings?.().facingMode !== 'environment'
  }

  /**
   * Shows a camera in a video. Rejects with a DOMException whose name says why there is none, unless another was asked for meanwhile.
   * @param {HTMLVideoElement} video @param {number} width asked for, not demanded: a camera gives the nearest it has
   * @param {{ seen: () => void, lost?: () => void }} told seen: when there is a first picture, and with every change of its size; lost: it ended by itself
   */
  async open(video, width, { seen, lost }) {
    this.stop()
    const turn = this.#turn
    // Absent where the page is not in a secure context.
    if (!navigator.mediaDevices) throw new DOMException('', 'SecurityError')
    const one = this.#device ? { deviceId: { exact: this.#device } } : { facingMode: this.facing }
    // One that has been unplugged is not asked for again.
    this.#device = ''
    const asked = navigator.mediaDevices.getUserMedia({ audio: false, video: { ...one, width: { ideal: width } } })
    const stream = await asked.catch(error => { if (turn === this.#turn) throw error })
    if (!stream) return
    // Closed while the visitor was being asked.
    if (turn !== this.#turn) return release(stream)
    this.stream = stream
    for (const track of stream.getTracks()) track.addEventListener('ended', () => { if (stream === this.stream) lost?.() })
    video.srcObject = stream
    const look = () => { if (stream === this.stream && video.videoWidth >= leastWidth) seen() }
    video.onresize = look
    await video.play().catch(error => { if (turn === this.#turn) throw error })
    if (turn !== this.#turn) return
    look()
    // A camera that shows a picture is enough.
    this.several = (await this.#cameras().catch(() => [])).length > 1
  }

  async #cameras() {
    return (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput')
  }

  /** The next to be opened is the other one. */
  async turn() {
    const { facingMode, deviceId } = this.stream?.getVideoTracks()[0]?.getSettings?.() ?? {}
    this.facing = this.facing === 'user' ? 'environment' : 'user'
    if (facingMode || !deviceId) return
    const ids = (await this.#cameras()).map(camera => camera.deviceId)
    this.#device = ids[(ids.indexOf(deviceId) + 1) % ids.length] ?? ''
  }

  /** Black and, where the browser does so, without light, but held. @param {boolean} awake */
  wake(awake) {
    for (const track of this.stream?.getTracks() ?? []) track.enabled = awake
  }

  stop() {
    this.#turn++
    if (this.stream) release(this.stream)
    this.stream = null
  }
}

/** @param {MediaStream} stream */
function release(stream) {
  for (const track of stream.getTracks()) track.stop()
}

/** A file's name by the time of day. @param {string} ending */
export function stamped(ending) {
  const now = new Date()
  return `camera-${[now.getHours(), now.getMinutes(), now.getSeconds()].map(part => String(part).padStart(2, '0')).join('')}.${ending}`
}
