import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freePort } from '../../../demo/free-port.ts';
import { type SimulatedOnvifDevice, startOnvifDevice } from '../../../demo/simulators/onvif-device.ts';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { createApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { type Role, systemActor } from '../../../src/shared/actor.ts';
import { type Caller, logIn } from '../../helpers/caller.ts';
import { connectDevice } from '../../helpers/mqtt-device.ts';
import { root } from '../../helpers/program.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const password = 'luchu-baiyun-27';
const cameraLogin = { username: 'operator', password: 'kan-jian-27' };
/** As many alerts as a script can decide on. */
const terminals = 60;

const staffed = ['seat', 'patrol', 'reviewer', 'auditor', 'admin'] as const;
type Staff = Record<(typeof staffed)[number] | 'relief', Caller>;

/** A camera that turns and is recorded, a patrol unit, terminals that call for help, and everybody of a shift. */
export async function openShift() {
  await using opened = new AsyncDisposableStack();
  const { path: dir } = opened.use(await tempDir());
  const { path: data } = opened.use(await tempDir());
  const streams = { '/main': { clip: join(root, 'demo/clips/traffic.mp4') } };
  const rtsp = opened.use(await startRtspServer({ streams, ...cameraLogin }));
  const profile = { token: 'main', name: 'main', codec: 'h264', width: 640, height: 360, fps: 12, bitrateKbps: 500 };
  const profiles = [{ ...profile, codec: 'h264' as const, rtspUrl: rtsp.urlOf('/main') }];
  const onvif = opened.use(await startOnvifDevice({ profiles, ...cameraLogin }));
  const mqttPort = await freePort(0);
  await writeFile(join(dir, 'tianliang.yaml'), tianliangFile(mqttPort));
  await writeFile(join(dir, 'units.yaml'), 'units:\n  - { id: xun7, name: 巡7, kind: patrol }\n');
  await writeCameras(dir, onvif, 'spare');
  const app = await createApp({
    config: await loadConfig(dir, {}),
    readConfig: () => loadConfig(dir, {}),
    ...{ dataDir: data, ffmpegPath: 'ffmpeg', version: '0.0.0', wall: dir, logLevel: 'silent' },
  });
  const ended = opened.use(endOf(() => app.http.close()));
  const url = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const callers = await hired(app.access, url);
  const alerts = await calls(`mqtt://127.0.0.1:${mqttPort}`, callers.admin);
  const recorded = await recordedSpan(callers.seat);
  const left = opened.move();
  return {
    ...{ app, url, data, onvif, callers, alerts, recorded },
    /** Another name of the camera that nobody watches, in the file. */
    rename: (name: string) => writeCameras(dir, onvif, name),
    /** Ends the server; safe to call twice. */
    end: () => ended[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

export type Shift = Awaited<ReturnType<typeof openShift>>;

function endOf(close: () => Promise<unknown>): AsyncDisposable {
  let ended: Promise<unknown> | undefined;
  return {
    [Symbol.asyncDispose]: async () => {
      ended ??= close();
      await ended;
    },
  };
}

function tianliangFile(mqttPort: number): string {
  const ids = Array.from({ length: terminals }, (_, n) => `  - { id: t${n}, kind: terminal, password: ${password} }`);
  return `mqtt: { embedded: { host: 127.0.0.1, port: ${mqttPort} } }
video: { rtmp: { port: 0 } }
detector: { workers: 0 }
devices:
${ids.join('\n')}
`;
}

async function writeCameras(dir: string, onvif: SimulatedOnvifDevice, spare: string): Promise<void> {
  const { username, password: secret } = cameraLogin;
  await writeFile(
    join(dir, 'cameras.yaml'),
    `cameras:
  - { id: cam, source: "${onvif.url}", username: ${username}, password: ${secret}, record: true, position: { lat: 27.3, lon: 105.29 } }
  - { id: spare, name: ${spare}, source: "rtsp://127.0.0.1:9/spare", position: { lat: 27.4, lon: 105.4 } }
`,
  );
}

type Access = Awaited<ReturnType<typeof createApp>>['access'];

async function hired({ accounts }: Access, url: string): Promise<Staff> {
  const hire = async (name: string, role: Role) => {
    const unit = role === 'patrol' ? { unit: 'xun7' } : {};
    await accounts.add({ name, role, areas: 'all', password, ...unit }, systemActor);
    return await logIn(url, name, password);
  };
  await accounts.add({ name: 'trainee', role: 'viewer', areas: 'all', password }, systemActor);
  const [seat, relief] = [await hire('seat', 'seat'), await hire('relief', 'seat')];
  const [patrol, reviewer] = [await hire('patrol', 'patrol'), await hire('reviewer', 'reviewer')];
  return {
    seat,
    relief,
    patrol,
    reviewer,
    auditor: await hire('auditor', 'auditor'),
    admin: await hire('admin', 'admin'),
  };
}

/** Kilometres apart: none is part of another. */
async function calls(mqttUrl: string, admin: Caller): Promise<string[]> {
  for (let n = 0; n < terminals; n += 1) {
    await using terminal = await connectDevice({ url: mqttUrl, id: `t${n}`, password });
    await terminal.sos('help', { lat: 25 + n / 10, lon: 105.29 });
  }
  const raised = async () => (await admin.get<{ items: { id: string }[] }>('/alerts?kind=sos&limit=100')).items;
  await expect.poll(async () => (await raised()).length, { timeout: 60_000 }).toBe(terminals);
  return (await raised()).map(({ id }) => id);
}

interface Recorded {
  readonly items: { readonly kind: string; readonly from: string; readonly to: string }[];
}

/** Three seconds of pictures that are on disk. */
async function recordedSpan(seat: Caller): Promise<{ from: string; to: string }> {
  const since = new Date().toISOString();
  const longest = async () => {
    const to = new Date().toISOString();
    const { items } = await seat.get<Recorded>(`/cameras/cam/recordings?from=${since}&to=${to}`);
    return items.find(({ kind, from, to: end }) => kind === 'recording' && Date.parse(end) - Date.parse(from) >= 3_000);
  };
  await expect.poll(longest, { timeout: 120_000, interval: 500 }).toBeDefined();
  const { from = '', to = '' } = (await longest()) ?? {};
  return { from, to };
}
