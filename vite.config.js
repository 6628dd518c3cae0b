import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { engines } from './scripts/vite-engines.js'
import { languages, documents } from './scripts/vite-languages.js'
import { offline } from './scripts/offline.js'

/** The public modules keep their names, so that other sites can import them; everything they load is hashed. */
const publicModules = { 'gan-atelier': 'www/gan-atelier.js', 'gan-atelier-frame': 'www/gan-atelier-frame.js' }

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: 'www/public',
  // A missing file answers 404 instead of the page: the client asks by HEAD whether an engine is there.
  appType: 'mpa',
  plugins: [engines(), languages(), VitePWA(offline)],
  worker: { format: 'es' },
  // Found only once a worker asks for it, it would reload the page.
  optimizeDeps: { include: ['image-size', 'pako', '@zip.js/zip.js/lib/zip-core-custom.js'] },
  server: { cors: true, watch: { ignored: ['**/target/**', '**/pkg/**', '**/runs/**'] } },
  preview: { cors: true },
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // Data: URIs would need holes in the content security policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { ...documents(), embed: 'embed.html', ...publicModules },
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: chunk => (chunk.name in publicModules ? '[name].js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]'
      }
    }
  }
})
