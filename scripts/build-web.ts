/** Builds the wall when `web/dist` is missing or older than what it is made of; prints one line either way. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { needsBuild } from './needs-build.ts';

const root = join(import.meta.dirname, '..');
const built = join(root, 'web/dist/index.html');
const modified = (path: string) => statSync(path).mtimeMs;
const sources = [
  'web/src/**/*.*',
  'web/public/**/*.*',
  'web/*.html',
  'web/vite.config.ts',
  // The wall calibrates cameras by the server's own geometry.
  'src/gis/*.ts',
  'package-lock.json',
]
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .map((path) => modified(join(root, path)));

if (needsBuild(existsSync(built) ? modified(built) : undefined, sources)) {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  const started = performance.now();
  execFileSync(process.execPath, [vite, 'build', 'web', '--logLevel', 'error'], { cwd: root, stdio: 'inherit' });
  console.log(`web: built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
} else {
  console.log('web: up to date');
}
