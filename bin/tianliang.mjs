#!/usr/bin/env node
// The server is TypeScript that Node 24 runs as it is; an older Node hands over to the pinned one beside it.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { arch, argv, exit, platform, versions } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'main.ts');

function pinnedNode() {
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  try {
    const home = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(home, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    return undefined;
  }
}

if (Number(versions.node.split('.')[0]) >= 24) {
  argv[1] = main;
  await import(pathToFileURL(main).href);
} else {
  const node = pinnedNode();
  if (node === undefined) {
    console.error(
      `Tianliang needs Node 24; this is ${versions.node}, and no pinned Node is installed. Run npm ci first.`,
    );
    exit(1);
  }
  // As `npm start` does: a busy minute must not make the process large for good.
  const { status } = spawnSync(node, ['--max-semi-space-size=32', main, ...argv.slice(2)], { stdio: 'inherit' });
  exit(status ?? 1);
}
