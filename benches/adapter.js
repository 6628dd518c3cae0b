/** What WebGPU computes on in this browser. @returns {Promise<string | null>} */
export async function adapter() {
  const found = await /** @type {any} */ (navigator).gpu?.requestAdapter().catch(() => null)
  if (!found) return null
  const { vendor, architecture, description } = found.info
  return [vendor, architecture, description].filter(Boolean).join(' ') || 'unnamed'
}
