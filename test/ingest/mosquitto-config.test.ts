import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { doubtOfConfig, doubtOfVersion } from '../../src/ingest/broker-doubt.ts';
import { readMosquittoConfig, unsafeSettings } from '../../src/ingest/mosquitto-config.ts';
import { scratch } from './rig.ts';

const safe =
  'persistence true\nautosave_on_changes true\nautosave_interval 1\nmax_inflight_messages 0\nset_tcp_nodelay true\nmax_packet_size 262144\n';

async function doubtOf(text: string): Promise<string | undefined> {
  await using directory = await scratch();
  const path = join(directory.path, 'mosquitto.conf');
  await writeFile(path, text);
  return (await doubtOfConfig(path))?.replace(path, 'FILE');
}

test.each([
  [
    'nothing',
    '',
    'persistence true, autosave_on_changes true, autosave_interval 1, max_inflight_messages 0, set_tcp_nodelay true',
  ],
  ["Debian's own", 'persistence true\npersistence_location /var/lib/mosquitto/\n', 'autosave_on_changes true, '],
  ['an interval of never', safe.replace('interval 1', 'interval 0'), 'set autosave_interval 1 in FILE'],
  ['a hundred changes', safe.replace('interval 1', 'interval 100'), 'set autosave_interval 1 in FILE'],
  ['seconds instead of changes', safe.replace('changes true', 'changes false'), 'set autosave_on_changes true in FILE'],
  ['a window', safe.replace('messages 0', 'messages 100'), 'set max_inflight_messages 0 in FILE'],
  ['Nagle', safe.replace('nodelay true', 'nodelay false'), 'set set_tcp_nodelay true in FILE'],
  ['one that is commented out', safe.replace('persistence', '#persistence'), 'set persistence true in FILE'],
])('a configuration with %s loses messages, and what to set is said', async (_, ...[text, wanted]) => {
  expect(await doubtOf(text)).toMatch(/^the MQTT broker loses acknowledged messages/);
  expect(await doubtOf(text)).toContain(wanted);
});

test('a safe one is no doubt, whatever its spaces; without a limit of size it is said', async () => {
  expect(await doubtOf(safe)).toBeUndefined();
  expect(await doubtOf(safe.replaceAll(' ', ' \t ').replaceAll('\n', '  \r\n'))).toBeUndefined();
  const unlimited = safe.replace(/max_packet.*/, '');
  expect(await doubtOf(unlimited)).toBe(
    'the MQTT broker takes packets of any size; set max_packet_size 262144 in FILE',
  );
});

test('files of include_dir count in the order of their names, the last word stands', async () => {
  await using directory = await scratch();
  const included = join(directory.path, 'conf.d');
  await mkdir(included);
  await writeFile(join(included, 'b.conf'), 'autosave_interval 1\n');
  await writeFile(join(included, 'a.conf'), 'autosave_interval 9\nautosave_on_changes true');
  await writeFile(join(included, 'z.conf.off'), 'persistence false\n');
  const main = join(directory.path, 'mosquitto.conf');
  await writeFile(main, `persistence true\nmax_inflight_messages 0\nset_tcp_nodelay true\ninclude_dir ${included}\n`);
  expect(unsafeSettings(await readMosquittoConfig(main))).toEqual([]);
});

test('a file that is not there is said, not thrown', async () => {
  expect(await doubtOfConfig('/none/mosquitto.conf')).toBe(
    "the MQTT broker's configuration could not be read (ENOENT): /none/mosquitto.conf",
  );
});

test('only Mosquitto is in doubt for what it is', () => {
  expect(doubtOfVersion('mosquitto version 2.0.11')).toMatch(/mqtt\.brokerConfig/);
  expect(doubtOfVersion('5.8.3')).toBeUndefined();
});
