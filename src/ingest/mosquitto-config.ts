import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The settings that stand in force: the last of each name. */
export type MosquittoSettings = ReadonlyMap<string, string>;

const mostFiles = 100;

/** Reads `mosquitto.conf` and the files of its `include_dir`s, as mosquitto.conf(5) says they are read. */
export async function readMosquittoConfig(path: string): Promise<MosquittoSettings> {
  const main = linesOf(await readFile(path, 'utf8'));
  const settings = new Map<string, string>();
  for (const [name, value] of main) {
    const included = name === 'include_dir' ? await includedLines(value) : [[name, value] as const];
    for (const [key, text] of included) settings.set(key, text);
  }
  return settings;
}

/**
 * The lines to set so that a QoS 1 message the broker acknowledged outlives its crash: by default it saves twice an hour
 * (F8). An interval of 0 means never, and with `autosave_on_changes` it counts changes, not seconds. Even so it saves a
 * moment after it acknowledges; what it sends us at once, not waiting for us nor for more (Nagle), we have by then.
 */
export function unsafeSettings(settings: MosquittoSettings): string[] {
  const isOn = (name: string) => settings.get(name) === 'true';
  return [
    ...(isOn('persistence') ? [] : ['persistence true']),
    ...(isOn('autosave_on_changes') ? [] : ['autosave_on_changes true']),
    ...(settings.get('autosave_interval') === '1' ? [] : ['autosave_interval 1']),
    ...(settings.get('max_inflight_messages') === '0' ? [] : ['max_inflight_messages 0']),
    ...(isOn('set_tcp_nodelay') ? [] : ['set_tcp_nodelay true']),
  ];
}

/** Before 2.1 a packet may be as large as the protocol allows, 256 MB, and the broker holds it in memory. */
export function hasPacketLimit(settings: MosquittoSettings): boolean {
  return Number(settings.get('max_packet_size') ?? 0) > 0;
}

async function includedLines(directory: string): Promise<(readonly [string, string])[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.conf')).toSorted();
  const texts = await Promise.all(names.slice(0, mostFiles).map((name) => readFile(join(directory, name), 'utf8')));
  return texts.flatMap(linesOf);
}

function linesOf(text: string): (readonly [string, string])[] {
  return text.split('\n').flatMap((line) => {
    const [, name, value = ''] = /^\s*([a-z_]+)(?:\s+(.*?))?\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
}
