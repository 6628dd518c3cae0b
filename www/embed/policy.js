// What the page around an element forbids: a refused script looks like a broken one, until somebody asks the page.
import { AtelierError } from '../engine/protocol.js'

/** Long enough for the browser to tell of what it refused. */
const tellsMs = 100
/** A refusal explains what fails this soon after it. */
const recentMs = 10_000

/** @type {{ directive: string, at: number } | undefined} */
let refused

const ours = new URL(import.meta.url).origin
/** @param {string} url */
const isOurs = url => URL.canParse(url) && new URL(url).origin === ours

export function watchPolicy() {
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective: directive, disposition, blockedURI, sourceFile }) => {
    // A page has refusals of its own, which explain nothing here.
    if (disposition !== 'enforce' || !(isOurs(blockedURI) || isOurs(sourceFile))) return
    if (/^(script-src|worker-src|connect-src|trusted-types|require-trusted-types)/.test(directive)) refused = { directive, at: performance.now() }
  })
}

export const policyTells = () => new Promise(resolve => setTimeout(resolve, tellsMs))

/** The same failure with its cause, where a policy is the cause. @param {AtelierError} error @returns {AtelierError} */
export function withPolicy(error) {
  const unclear = error.code === 'Internal' || error.code === 'Network' || error.details.reason === 'compile'
  if (!refused || !unclear || performance.now() - refused.at > recentMs) return error
  const { directive } = refused
  return new AtelierError('Unsupported', `The page's content security policy (${directive}) refuses this: ${error.message}`,
    { reason: directive.includes('trusted') ? 'trusted_types' : 'policy', directive })
}
