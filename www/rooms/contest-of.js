/**
 * How a contest stands: what its last report says, and where there is none yet, that.
 * @param {{ step: number, metrics: Record<string, any> }} trainer @returns {{ state: string, remedy: any }}
 */
export function contestOf({ step, metrics }) {
  if (!step) return { state: 'idle', remedy: null }
  // What was opened says nothing before it goes on: a discriminator may have begun anew beside it.
  return metrics.contest ?? { state: Object.keys(metrics).length ? 'learning' : 'opened', remedy: null }
}
