import { join } from 'node:path';
import { freePort } from '../../demo/free-port.ts';
import { type Caller, logIn } from './caller.ts';
import { connectDevice, type MqttDevice } from './mqtt-device.ts';
import { Program, root } from './program.ts';
import { tempDir } from './temp-dir.ts';

export interface DemoRun extends AsyncDisposable {
  readonly url: string;
  /** When it said that everything runs. */
  readonly readyAt: Date;
  readonly startedAt: Date;
  readonly password: string;
  /** Everything it printed. */
  readonly printed: () => string;
  /** Logs in once for all who ask. */
  login(username: string): Promise<Caller>;
  device(id: string): Promise<MqttDevice>;
}

const password = 'luchu-baiyun-27';
const devicePassword = 'my-own-phone-27';
/** The promise to whoever types `npm run demo`. */
const readyWithinMs = 90_000;

/**
 * `npm run demo` on ports and a directory of its own. Resolves when it says how to get in. A port that was free may be
 * somebody else's by the time it is listened on: then it is tried once more, on others.
 */
export async function startDemoRun(): Promise<DemoRun> {
  try {
    return await startOnce();
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('EADDRINUSE'))) throw error;
    return await startOnce();
  }
}

async function startOnce(): Promise<DemoRun> {
  await using started = new AsyncDisposableStack();
  const data = started.use(await tempDir());
  const [port, mqttPort] = [await freePort(0), await freePort(0)];
  const env = {
    TIANLIANG_DEMO_PASSWORD: password,
    TIANLIANG_DEMO_MQTT_PORT: `${mqttPort}`,
    TIANLIANG_DEMO_DEVICE_PASSWORD: devicePassword,
  };
  const startedAt = new Date();
  const args = [join(root, 'demo/main.ts'), '--port', `${port}`, '--data', data.path];
  const program = started.use(new Program(args, { env }));
  const url = `http://127.0.0.1:${port}`;
  await program.said(new RegExp(`open +${url}`), readyWithinMs);
  const callers = new Map<string, Promise<Caller>>();
  const login = (username: string) => {
    const caller = callers.get(username) ?? logIn(url, username, password);
    callers.set(username, caller);
    return caller;
  };
  const running = started.move();
  return {
    url,
    startedAt,
    readyAt: new Date(),
    password,
    printed: () => program.lines.join('\n'),
    login,
    device: (id) => connectDevice({ url: `mqtt://127.0.0.1:${mqttPort}`, id, password: devicePassword }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
