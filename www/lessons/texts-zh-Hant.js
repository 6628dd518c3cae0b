// Every lesson's texts in one language, as one file to fetch.
export default import.meta.glob('./*/zh-Hant.json', { eager: true, import: 'default' })
