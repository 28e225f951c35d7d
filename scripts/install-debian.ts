/** Installs the named things from Debian that are missing: `node scripts/install-debian.ts ffmpeg gstreamer`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { argv, env, exit, getuid } from 'node:process';

interface Thing {
  readonly packages: readonly string[];
  readonly isInstalled: () => boolean;
}

const programs: Record<string, string> = { influxdb: 'influxd', 'mosquitto-clients': 'mosquitto_pub' };

/** Libraries without a program: a camera of GStreamer's RTSP server, driven by Debian's own python. */
const gstreamer: Thing = {
  packages: [
    'python3-gi',
    'gir1.2-gst-rtsp-server-1.0',
    'gstreamer1.0-plugins-base',
    'gstreamer1.0-plugins-good',
    'gstreamer1.0-plugins-bad',
  ],
  isInstalled: () =>
    [
      '/usr/lib/python3/dist-packages/gi/__init__.py',
      '/usr/lib/*/girepository-1.0/GstRtspServer-1.0.typelib',
      '/usr/lib/*/gstreamer-1.0/libgstapp.so',
      '/usr/lib/*/gstreamer-1.0/libgstisomp4.so',
      '/usr/lib/*/gstreamer-1.0/libgstvideoparsersbad.so',
    ].every((file) => globSync(file).length > 0),
};

function program(name: string): Thing {
  const folders = (env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/usr/bin');
  const file = programs[name] ?? name;
  return { packages: [name], isInstalled: () => folders.some((folder) => isExecutable(join(folder, file))) };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(packages: readonly string[]): void {
  // Runlevel 1: Debian would start a broker and a database on their default ports; ours choose their own.
  const options = { stdio: 'inherit', env: { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } } as const;
  execFileSync('apt-get', ['update', '-qq'], options);
  const apt = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...packages];
  execFileSync('apt-get', apt, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
}

const things = argv.slice(2).map((name) => (name === 'gstreamer' ? gstreamer : program(name)));
const missing = things.filter((thing) => !thing.isInstalled()).flatMap(({ packages }) => packages);
if (missing.length > 0) {
  const byHand = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  const mayInstall = getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (!mayInstall) {
    console.error(`These packages are missing: ${missing.join(', ')}. Install them first (on Debian: ${byHand}).`);
    exit(1);
  }
  console.log(`Installing ${missing.join(', ')} from Debian's packages …`);
  install(missing);
}
