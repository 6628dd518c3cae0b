// The document without a language forwards to the visitor's: stored choice first, then the browser's list.
;(() => {
  let stored = null
  try { stored = localStorage.getItem('language') } catch { /* storage may be forbidden */ }
  const wished = stored ? [stored] : navigator.languages
  const known = wished.map(tag => (/^zh/i.test(tag) ? 'zh-Hant' : /^en/i.test(tag) ? 'en' : null)).find(Boolean)
  location.replace(`./${known || 'en'}/${location.search}${location.hash}`)
})()
