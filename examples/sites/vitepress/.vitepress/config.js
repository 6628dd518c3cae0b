export default {
  title: 'Networks',
  head: [['script', { type: 'module', src: 'https://atelier.example/gan-atelier.js' }]],
  vue: { template: { compilerOptions: { isCustomElement: tag => tag.includes('-') } } }
}
