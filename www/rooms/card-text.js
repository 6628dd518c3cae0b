/** A model's card, to be shown here: a host may serve the file in whatever encoding it likes. @param {{ card: string }} card @returns {Promise<string>} */
export async function cardText({ card }) {
  const response = await fetch(`${document.documentElement.dataset.root}models/${card}`).catch(() => null)
  return response?.ok ? response.text() : '–'
}
