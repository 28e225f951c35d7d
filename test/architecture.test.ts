import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Who may import whom. A new arrow is a decision made here, in review. */
const arrows: Record<string, readonly string[]> = {
  shared: [],
  gis: ['shared'],
  store: ['shared'],
  ingest: ['shared', 'gis', 'store'],
  streams: ['shared', 'gis', 'store'],
  alerts: ['shared', 'gis', 'store'],
  dispatch: ['shared', 'gis', 'store'],
  access: ['shared', 'gis', 'store'],
  live: ['shared', 'gis', 'store'],
  http: ['shared'],
};

/** Protocol folders import nothing above themselves. */
const protocols = ['rtsp', 'rtp', 'flv', 'onvif'];

const importPattern = /(?:from\s+|import\s+|import\(\s*|new URL\(\s*)'(\.[^']+)'/g;

interface Import {
  readonly file: string;
  readonly target: string;
}

const sources = globSync('src/**/*.ts').map((file) => file.replaceAll('\\', '/'));

const imports: Import[] = sources.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(importPattern)].map(([, path = '']) => ({
    file,
    target: new URL(path, `file:///${file}`).pathname.slice(1),
  })),
);

const sliceOf = (path: string) => path.split('/').at(1) ?? '';
const inSlice = (path: string) => path.split('/').length > 2;

test('slices import only what their arrows allow', () => {
  const wrong = imports
    .filter(({ file }) => inSlice(file) && sliceOf(file) !== 'cli')
    .filter(({ file, target }) => {
      const from = sliceOf(file);
      const to = inSlice(target) ? sliceOf(target) : target;
      return from !== to && !arrows[from]?.includes(to);
    });
  expect(wrong).toEqual([]);
});

test('every folder of src has a row in the table of arrows', () => {
  const slices = new Set(sources.filter(inSlice).map(sliceOf));
  expect([...slices].filter((slice) => slice !== 'cli' && !(slice in arrows))).toEqual([]);
});

test('streams protocols import nothing above themselves', () => {
  const wrong = imports.filter(({ file, target }) => {
    const protocol = protocols.find((name) => file.startsWith(`src/streams/${name}/`));
    return (
      protocol && target.startsWith('src/streams/') && !protocols.some((p) => target.startsWith(`src/streams/${p}/`))
    );
  });
  expect(wrong).toEqual([]);
});

test('only plugin.ts files and app.ts import Fastify', () => {
  const fastify = /(?:from\s+|import\s+|import\(\s*)'(?:fastify|@fastify\/[^']+)'/;
  const wrong = sources.filter((file) => fastify.test(readFileSync(file, 'utf8')));
  expect(wrong.filter((file) => !file.endsWith('/plugin.ts') && file !== 'src/app.ts')).toEqual([]);
});

test('only main.ts reads the environment, and hands it on', () => {
  const wrong = sources.filter((file) =>
    /process\.env|\{[^}]*\benv\b[^}]*\} from 'node:process'/.test(readFileSync(file, 'utf8')),
  );
  expect(wrong.filter((file) => file !== 'src/main.ts')).toEqual([]);
});

test('no source file is over the 300-line wall', () => {
  const files = globSync(['src/**/*.ts', 'demo/**/*.ts', 'web/src/**/*.{ts,vue}']);
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 301);
  expect(long).toEqual([]);
});

test('no schema, log or export has a field for who somebody is', () => {
  const identity =
    /\b(face|faces|faceId|embedding|embeddings|licen[cs]ePlate|plateNumber|personId|personName)\b\s*[?:]?:/;
  expect(sources.filter((file) => identity.test(readFileSync(file, 'utf8')))).toEqual([]);
});
