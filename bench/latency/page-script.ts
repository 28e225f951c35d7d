import { join } from 'node:path';
import { build } from 'vite';

/** The wall's own players as one script, with what reads the pictures they show. */
export async function pageScript(): Promise<string> {
  const root = join(import.meta.dirname, '../../web');
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: join(root, 'measure/players-page.ts'), formats: ['iife'], name: 'page' },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  const chunk = first && 'output' in first ? first.output.find(({ type }) => type === 'chunk') : undefined;
  if (chunk?.type !== 'chunk') throw new Error('the page was not built');
  return chunk.code;
}
