// The document without a language forwards to the visitor's: stored choice first, then the browser's list.
;(() => {
  let stored = null
  try { stored = localStorage.getItem('language') } catch { /* storage may be forbidden */ }
  const wished = stored ? [stored] : navigator.languages
  const known = wished.map(tag => (/^zh/i.test(tag) ? 'zh-Hant' : /^en/i.test(tag) ? 'en' : null)).find(Boolean)
  // Opened from a folder, where a folder's address lists what is in it; the page says then how it is served.
  const page = location.protocol === 'file:' ? 'index.html' : ''
  location.replace(`./${known || 'en'}/${page}${location.search}${location.hash}`)
})()
