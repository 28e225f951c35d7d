/** Installs the named Debian packages whose program is missing: `node scripts/install-debian.ts ffmpeg chromium`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { argv, env, exit, getuid } from 'node:process';

const programs: Record<string, string> = {
  ffmpeg: 'ffmpeg',
  mosquitto: 'mosquitto',
  influxdb: 'influxd',
  chromium: 'chromium',
};

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isInstalled(program: string): boolean {
  const folders = (env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/usr/bin');
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function install(packages: readonly string[]): void {
  // Runlevel 1: Debian would start a broker and a database on their default ports; ours choose their own.
  const options = { stdio: 'inherit', env: { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } } as const;
  execFileSync('apt-get', ['update', '-qq'], options);
  const apt = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...packages];
  execFileSync('apt-get', apt, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
}

const missing = argv.slice(2).filter((name) => !isInstalled(programs[name] ?? name));
if (missing.length > 0) {
  const byHand = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  const mayInstall = getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (!mayInstall) {
    console.error(`These programs are missing: ${missing.join(', ')}. Install them first (on Debian: ${byHand}).`);
    exit(1);
  }
  console.log(`Installing ${missing.join(', ')} from Debian's packages …`);
  install(missing);
}
