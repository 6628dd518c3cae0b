/** What the service worker keeps, and how the page presents itself where it is installed. */

/** @type {Partial<import('vite-plugin-pwa').VitePWAOptions>} */
export const offline = {
  // The page registers it itself, after what the visitor came for, and asks before it loads a new version.
  injectRegister: null,
  registerType: 'prompt',
  manifest: {
    id: './', name: 'GAN Atelier', short_name: 'GAN Atelier', start_url: './', scope: './', display: 'standalone',
    description: 'Generative adversarial networks that train in this tab. 在這個分頁裡訓練的生成對抗網路。',
    background_color: '#f5efe3', theme_color: '#f5efe3', categories: ['education'],
    icons: [
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
      { src: 'icon-192.png', sizes: '192x192', type: 'image/png' }
    ]
  },
  workbox: {
    // Documents, code and the small engine. Weights and the large engine are kept by the page itself, once they are used.
    globPatterns: ['**/*.{html,js,css,svg,png,json,md}', 'engines/cpu-*/*.wasm'],
    globIgnores: ['types/**', 'sco/**', 'sw.js'],
    maximumFileSizeToCacheInBytes: 12e6,
    // A file with its digest in its name never changes.
    dontCacheBustURLsMatching: /-[\w-]{8}\.\w+$|engines\/\w+-\w{8}\//,
    ignoreURLParametersMatching: [/.*/],
    navigateFallback: null,
    clientsClaim: true,
    cleanupOutdatedCaches: true,
    inlineWorkboxRuntime: true
  }
}
