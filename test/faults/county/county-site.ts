import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../demo/free-port.ts';
import { type Caller, logIn } from '../../helpers/caller.ts';
import { Program, root, runCommand } from '../../helpers/program.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

export interface CountySize {
  readonly terminals: number;
  readonly stations: number;
  readonly sensors: number;
}

/** A command center with nothing but devices, as `tianliang start` runs it. */
export interface CountyServer extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  readonly mqttPort: number;
  /** Where it keeps what devices measured. */
  readonly telemetryFile: string;
  seat(): Promise<Caller>;
}

const adminPassword = 'luchu-baiyun-27';

/** By the kind of device: `terminal-0`, `station-13`, `sensor-499`. */
export function idsOf({ terminals, stations, sensors }: CountySize): string[] {
  const named = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}-${n}`);
  return [...named('terminal', terminals), ...named('station', stations), ...named('sensor', sensors)];
}

export async function startCounty(size: CountySize): Promise<CountyServer> {
  await using started = new AsyncDisposableStack();
  const { path: config } = started.use(await tempDir());
  const { path: data } = started.use(await tempDir());
  const mqttPort = await freePort(0);
  await writeFile(join(config, 'tianliang.yaml'), tianliangFile(mqttPort, idsOf(size)));
  await writeFile(join(config, 'units.yaml'), unitsFile(size.terminals));
  await writeFile(join(config, 'cameras.yaml'), 'cameras: []\n');
  const words = ['users', 'add', 'admin', '--role', 'admin', '--data', data];
  const { code, output } = await runCommand(words, { TIANLIANG_PASSWORD: adminPassword });
  if (code !== 0) throw new Error(`users add answered ${code}: ${output}`);
  const start = ['start', '--config', config, '--data', data, '--port', '0'];
  const program = started.use(new Program([join(root, 'src/main.ts'), ...start]));
  const [, url = ''] = await program.said(/^Tianliang is ready at (http:\S+)$/, 120_000);
  const left = started.move();
  return {
    pid: program.pid,
    url,
    mqttPort,
    telemetryFile: join(data, 'telemetry.sqlite'),
    seat: () => logIn(url, 'admin', adminPassword),
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

function tianliangFile(mqttPort: number, ids: readonly string[]): string {
  const devices = ids.map((id) => {
    const kind = id.startsWith('terminal') ? 'terminal' : 'sensor';
    return `  - { id: ${id}, kind: ${kind}, password: ${id}-secret, position: { lat: 27.3, lon: 105.29 } }`;
  });
  return `map:
  title: county
  center: { lat: 27.3, lon: 105.29 }
  zoom: 11
mqtt:
  embedded: { host: 127.0.0.1, port: ${mqttPort} }
devices:
${devices.join('\n')}
`;
}

function unitsFile(terminals: number): string {
  const units = Array.from({ length: terminals }, (_, n) => `  - { id: terminal-${n}, name: 巡${n}, kind: patrol }`);
  return `units:\n${units.join('\n')}\n`;
}
