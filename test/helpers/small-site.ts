import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../demo/free-port.ts';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { type Caller, logIn } from './caller.ts';
import { mosquittoPub, type Publication } from './mosquitto-pub.ts';
import { connectDevice, type MqttDevice } from './mqtt-device.ts';
import { Program, root, runCommand } from './program.ts';
import { tempDir } from './temp-dir.ts';

/** A command center that runs on the site. */
export interface RunningServer extends AsyncDisposable {
  readonly program: Program;
  readonly url: string;
  admin(): Promise<Caller>;
  device(id: string): Promise<MqttDevice>;
  /** By a program that knows nothing of us. */
  pub(id: string, publication: Publication): Promise<void>;
}

/** A config directory, a data directory and the one camera they speak of. */
export interface SmallSite extends AsyncDisposable {
  readonly config: string;
  readonly data: string;
  /** Starts the server on it, with more words when given; resolves when it is ready. */
  start(...more: string[]): Promise<RunningServer>;
  /** The same with a clock that shows this time at its start. */
  startAt(time: Date): Promise<RunningServer>;
  /** The words of `start`, for a server that is not meant to be ready. */
  readonly startWords: readonly string[];
}

/** Of the account `admin`. */
export const sitePassword = 'luchu-baiyun-27';
/** In the environment of the server, and of nobody it starts. */
export const siteSecret = 'yun-wu-shan-27';
const devicePassword = 'my-own-phone-27';
const cameraPassword = 'kan-jian-27';

const tianliangFile = (mqttPort: number) => `map:
  title: G76
  center: { lat: 27.3, lon: 105.29 }
  zoom: 13
mqtt:
  embedded: { host: 127.0.0.1, port: ${mqttPort} }
devices:
  - id: ws06
    kind: sensor
    name: K1432+900 气象站
    password: ${devicePassword}
    position: { lat: 27.305204, lon: 105.293665 }
  - id: xun7
    kind: terminal
    name: 巡7
    password: ${devicePassword}
`;

const camerasFile = (source: string) => `cameras:
  - id: k1432-120
    source: ${source}
    username: operator
    password: ${cameraPassword}
    position: { lat: 27.299941, lon: 105.288428 }
    detect:
      every: 2
      objects: [person]
      zones:
        - { id: all, dwell: 3, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
`;

/** One watched camera, one sensor, one terminal, and the account `admin`; `env` is added to what its servers are told. */
export async function openSmallSite({ env = {} }: { readonly env?: NodeJS.ProcessEnv } = {}): Promise<SmallSite> {
  await using opened = new AsyncDisposableStack();
  const { path: config } = opened.use(await tempDir());
  const { path: data } = opened.use(await tempDir());
  const streams = { '/main': { clip: join(root, 'demo/clips/traffic.mp4') } };
  const camera = opened.use(await startRtspServer({ streams, username: 'operator', password: cameraPassword }));
  const mqttPort = await freePort(0);
  await writeFile(join(config, 'tianliang.yaml'), tianliangFile(mqttPort));
  await writeFile(join(config, 'cameras.yaml'), camerasFile(camera.urlOf('/main')));
  await addAdmin(data);
  const startWords = ['start', '--config', config, '--data', data, '--port', '0'];
  const mqttUrl = `mqtt://127.0.0.1:${mqttPort}`;
  const left = opened.move();
  const start = (...more: string[]) => startServer({ words: [...startWords, ...more], mqttUrl, env });
  const startAt = (time: Date) => startServer({ words: startWords, mqttUrl, env, time });
  return { config, data, startWords, start, startAt, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

async function addAdmin(data: string): Promise<void> {
  const env = { TIANLIANG_PASSWORD: sitePassword };
  const { code, output } = await runCommand(['users', 'add', 'admin', '--role', 'admin', '--data', data], env);
  if (code !== 0) throw new Error(`users add answered ${code}: ${output}`);
}

interface Starting {
  readonly words: readonly string[];
  readonly mqttUrl: string;
  readonly env: NodeJS.ProcessEnv;
  /** That its clock shows at its start. */
  readonly time?: Date;
}

async function startServer({ words, mqttUrl, env: more, time }: Starting): Promise<RunningServer> {
  const clock = time ? ['--import', join(root, 'test/helpers/shifted-clock.ts')] : [];
  const ahead = time ? { NODE_TEST_CLOCK_AHEAD_MS: `${time.getTime() - Date.now()}` } : {};
  const env = { SITE_SECRET: siteSecret, ...ahead, ...more };
  const program = new Program([...clock, join(root, 'src/main.ts'), ...words], { env });
  try {
    const [, url = ''] = await program.said(/^Tianliang is ready at (http:\S+)$/, 120_000);
    return {
      program,
      url,
      admin: () => logIn(url, 'admin', sitePassword),
      device: (id) => connectDevice({ url: mqttUrl, id, password: devicePassword }),
      pub: (id, publication) => mosquittoPub({ url: mqttUrl, id, password: devicePassword }, publication),
      [Symbol.asyncDispose]: () => program.end(),
    };
  } catch (error) {
    await program.end();
    throw error;
  }
}
