import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** The wall and the patrol's page, each with map and player in chunks of their own; the patrol's worker has a name that stays. */
export default defineConfig({
  root,
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        index: join(root, 'index.html'),
        patrol: join(root, 'patrol.html'),
        'patrol-worker': join(root, 'src/patrol/worker/patrol-worker.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (name === 'patrol-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: {
    // The geometry is the server's own.
    fs: { allow: ['..'] },
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/ws': { target: 'ws://127.0.0.1:8080', ws: true },
      '/streams': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
});
