import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { clipSnapshot } from './simulators/clip-snapshot.ts';
import { type SimulatedOnvifDevice, startOnvifDevice } from './simulators/onvif-device.ts';
import { type Clip, clockRate, readClip } from './simulators/rtsp/mp4-clip.ts';
import { type SimulatedRtspServer, startRtspServer } from './simulators/rtsp-server.ts';
import { startWsDiscovery, type WsDiscoveryResponder } from './simulators/ws-discovery-device.ts';

interface DemoCamera {
  readonly id: string;
  readonly name: string;
  readonly clip: string;
}

/** In the order of `DEMO_ONVIF_PORT_1` … `_6` of demo/config/cameras.yaml. */
const demoCameras: readonly DemoCamera[] = [
  { id: 'k1429-800', name: 'K1429+800', clip: 'traffic' },
  { id: 'k1431-460', name: 'K1431+460', clip: 'tunnel' },
  { id: 'k1432-120', name: 'K1432+120', clip: 'pedestrian' },
  { id: 'k1432-640', name: 'K1432+640', clip: 'curve' },
  { id: 'k1433-500', name: 'K1433+500', clip: 'fog' },
  { id: 'k1437-900', name: 'K1437+900', clip: 'bridge-h265' },
];

export interface DemoCamerasOptions {
  /** The folder of the clips. */
  readonly clips: string;
  readonly username: string;
  readonly password: string;
  readonly discoveryPort?: number;
}

/** One camera on the mast: what it streams and what it says of itself. */
export interface MountedCamera {
  readonly id: string;
  readonly rtsp: SimulatedRtspServer;
  readonly onvif: SimulatedOnvifDevice;
}

/** The demo's six cameras, and their voice on the network. */
export class DemoCameras {
  readonly cameras: readonly MountedCamera[];
  readonly #discovery: WsDiscoveryResponder | undefined;

  constructor(cameras: readonly MountedCamera[], discovery: WsDiscoveryResponder | undefined) {
    this.cameras = cameras;
    this.#discovery = discovery;
  }

  /** `false` when UDP 3702 could not be had: everything works but finding them. */
  get discoverable(): boolean {
    return this.#discovery !== undefined;
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    await this.#discovery?.close();
    await Promise.all(this.cameras.flatMap(({ rtsp, onvif }) => [rtsp.close(), onvif.close()]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Starts the cameras on free ports of loopback. Rejects when a clip cannot be read. */
export async function startDemoCameras(options: DemoCamerasOptions): Promise<DemoCameras> {
  await using untilComplete = new AsyncDisposableStack();
  const cameras: MountedCamera[] = [];
  for (const camera of demoCameras) cameras.push(await mount(camera, options, untilComplete));
  const devices = cameras.map(({ id, onvif }) => ({ urn: urnOf(id), xaddr: onvif.xaddr, identity: onvif.identity }));
  const port = options.discoveryPort;
  const discovery = await startWsDiscovery({ devices, ...(port !== undefined && { port }) }).catch(() => undefined);
  untilComplete.move();
  return new DemoCameras(cameras, discovery);
}

async function mount(
  { id, name, clip: scene }: DemoCamera,
  options: DemoCamerasOptions,
  untilComplete: AsyncDisposableStack,
): Promise<MountedCamera> {
  const { clips, username, password } = options;
  const file = join(clips, `${scene}.mp4`);
  const clip = await readClip(file);
  const stream = { clip };
  const streams = { '/main': stream, '/sub': stream };
  const rtsp = untilComplete.use(await startRtspServer({ streams, username, password }));
  const profiles = ['main', 'sub'].map((token) => ({
    token,
    name: token,
    codec: clip.codec,
    width: clip.width,
    height: clip.height,
    ...ratesOf(clip),
    rtspUrl: rtsp.urlOf(`/${token}`),
  }));
  const identity = { name, hardware: 'TL-SIM', location: 'G76', serial: id };
  const onvif = untilComplete.use(
    await startOnvifDevice({ profiles, identity, username, password, snapshot: clipSnapshot(file) }),
  );
  return { id, rtsp, onvif };
}

function ratesOf({ frames, durationTicks }: Clip): { fps: number; bitrateKbps: number } {
  const seconds = durationTicks / clockRate;
  const bytes = frames.reduce((sum, { nals }) => sum + nals.reduce((size, nal) => size + nal.length, 0), 0);
  return { fps: Math.round(frames.length / seconds), bitrateKbps: Math.round((bytes * 8) / seconds / 1_000) };
}

/** The same for a camera at every start, as a real one's is. */
function urnOf(id: string): string {
  const hex = createHash('sha256').update(`tianliang-demo:${id}`).digest('hex');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
