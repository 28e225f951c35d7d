import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type DemoCameras, startDemoCameras } from './demo-cameras.ts';
import { DemoServer } from './demo-server.ts';
import { welcome } from './demo-words.ts';
import { writeFogWarning } from './fog-warning.ts';
import { freePort } from './free-port.ts';
import { startTerminals } from './simulators/terminals.ts';
import { startWeather } from './simulators/weather.ts';

export interface DemoOptions {
  /** Without it `TIANLIANG_DEMO_PORT`, else 8080, else any free one. */
  readonly port: number | undefined;
  readonly data: string;
  /** `TIANLIANG_DEMO_PASSWORD` for the accounts, `_MQTT_PORT` and `_DEVICE_PASSWORD` for devices of one's own. */
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  /** Aborted by whoever wants the demo to end. */
  readonly signal: AbortSignal;
  /** What is run instead of src/main.ts, and what it is given; for tests. */
  readonly main?: string;
  /** Where the server listens; loopback unless told, as in a container. */
  readonly host?: string;
  readonly discoveryPort?: number;
}

const root = join(import.meta.dirname, '..');
const cameraUsername = 'operator';
const readyWithinMs = 80_000;

interface DemoWorld {
  readonly url: string;
  readonly port: number;
  readonly mqttPort: number;
  readonly accountPassword: string;
  readonly cameraPassword: string;
  readonly devicePassword: string;
}

/** Plays the whole demo until `signal` aborts (0) or the server dies (1). Ends what it started, in order. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const world = await prepare(options);
  const { cameraPassword: password } = world;
  const clips = join(root, 'demo/clips');
  const discovery = options.discoveryPort === undefined ? {} : { discoveryPort: options.discoveryPort };
  await using cameras = await startDemoCameras({ clips, username: cameraUsername, password, ...discovery });
  const server = startServer(options, { ...world, warnings: await writeFogWarning(options.data) }, cameras);
  try {
    return await play(options, { world, server, cameras });
  } finally {
    await server.close();
  }
}

async function play(
  { signal, print, env }: DemoOptions,
  { world, server, cameras }: { world: DemoWorld; server: DemoServer; cameras: DemoCameras },
): Promise<number> {
  const over = AbortSignal.any([signal, server.ended]);
  try {
    await server.ready(AbortSignal.any([over, AbortSignal.timeout(readyWithinMs)]));
    const url = `mqtt://127.0.0.1:${world.mqttPort}`;
    const roads = join(root, 'demo/config/roads.geojson');
    await using _terminals = await startTerminals({ url, password: world.devicePassword, roads });
    await using _weather = startWeather({ url, password: world.devicePassword });
    const password = env.TIANLIANG_DEMO_PASSWORD ? undefined : world.accountPassword;
    const { logFile } = server;
    print(welcome({ ...world, password, logFile, discoverable: cameras.discoverable }));
    await aborted(over);
  } catch (error) {
    if (!signal.aborted) return mourn(error, server, print);
  }
  return signal.aborted ? 0 : mourn(server.ended.reason, server, print);
}

function mourn(cause: unknown, server: DemoServer, print: (text: string) => void): number {
  const late = cause instanceof DOMException && cause.name === 'TimeoutError';
  const reason = cause instanceof Error && !late ? cause.message : `the server is not ready after ${readyWithinMs} ms`;
  print(`\n  服务已停止 · ${reason}. 日志 log ${server.logFile}\n\n${server.lastLines.join('\n')}\n`);
  return 1;
}

async function prepare({ env, port: asked }: DemoOptions): Promise<DemoWorld> {
  const port = await portOf(asked ?? numberIn(env.TIANLIANG_DEMO_PORT), 8080);
  // Letters first: as a YAML value it must never look like a number.
  const secret = () => `tl${randomBytes(8).toString('hex')}`;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    mqttPort: await portOf(numberIn(env.TIANLIANG_DEMO_MQTT_PORT), 1883),
    accountPassword: env.TIANLIANG_DEMO_PASSWORD || secret(),
    cameraPassword: secret(),
    devicePassword: env.TIANLIANG_DEMO_DEVICE_PASSWORD || secret(),
  };
}

const numberIn = (text: string | undefined) => (text ? Number(text) : undefined);

async function portOf(asked: number | undefined, usual: number): Promise<number> {
  if (asked === undefined) return freePort(usual);
  if (Number.isInteger(asked) && asked > 0 && asked < 65_536) return asked;
  throw new RangeError('the port must be a number from 1 to 65535');
}

function startServer(
  { env, data, main, host = '127.0.0.1' }: DemoOptions,
  world: DemoWorld & { readonly warnings: string },
  { cameras }: DemoCameras,
): DemoServer {
  const onvifPorts = cameras.map(({ onvif }, index) => [`DEMO_ONVIF_PORT_${index + 1}`, String(onvif.port)]);
  const config = join(root, 'demo/config');
  const program = [main ?? join(root, 'src/main.ts'), 'start'];
  const places = ['--config', config, '--data', data, '--port', String(world.port), '--host', host];
  return new DemoServer({
    command: [process.execPath, '--max-semi-space-size=32', ...program, ...places],
    url: world.url,
    data,
    env: {
      ...env,
      ...Object.fromEntries(onvifPorts),
      DEMO_MQTT_PORT: String(world.mqttPort),
      DEMO_CAMERA_PASSWORD: world.cameraPassword,
      DEMO_DEVICE_PASSWORD: world.devicePassword,
      DEMO_WARNINGS_FILE: resolve(world.warnings),
      TIANLIANG_DEMO_ACCOUNTS: '1',
      TIANLIANG_DEMO_PASSWORD: world.accountPassword,
    },
  });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // An abort listener alone does not keep the process alive; the terminals and cameras do.
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
