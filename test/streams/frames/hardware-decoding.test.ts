import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Log, silentLog } from '../../../src/shared/log.ts';
import { HardwareDecoding } from '../../../src/streams/frames/hardware-decoding.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

/** An ffmpeg built with all ways of decoding, on a machine with the devices named. */
async function ffmpegWith(directory: string, devices: readonly string[]): Promise<string> {
  const path = join(directory, 'ffmpeg');
  const opens = devices.map((device) => `*"-init_hw_device ${device} "*) exit 0;;`).join(' ');
  const lines = [
    '#!/bin/sh',
    'case "$* " in',
    '*-hwaccels*) printf "Hardware acceleration methods:\\nvdpau\\ncuda\\nvaapi\\nqsv\\n"; exit 0;;',
    opens,
    'esac',
    'exit 1',
  ];
  await writeFile(path, lines.join('\n'));
  await chmod(path, 0o755);
  return path;
}

function remembering(): { log: Log; said: [object, string][] } {
  const said: [object, string][] = [];
  const log = {
    ...silentLog,
    info: (...words: [object, string]) => said.push(words),
    warn: (...words: [object, string]) => said.push(words),
  };
  return { log, said };
}

test.each([
  { devices: ['vaapi'], found: 'vaapi' },
  { devices: ['vaapi', 'cuda'], found: 'cuda' },
  { devices: [], found: 'software' },
])(
  'on a machine with %o pictures are decoded by the first that opens, and the log says so',
  async ({ devices, found }) => {
    await using directory = await tempDir();
    const { log, said } = remembering();
    const ffmpegPath = await ffmpegWith(directory.path, devices);
    const decoding = new HardwareDecoding({ ffmpegPath, decoding: 'auto', log });
    expect((await decoding.of('a'))?.name ?? 'software').toBe(found);
    await decoding.of('b');
    expect(said).toEqual([[{ decoder: found }, 'pictures for the detector are decoded']]);
  },
);

test('a camera that the device does not decode is left to software, others are not', async () => {
  await using directory = await tempDir();
  const ffmpegPath = await ffmpegWith(directory.path, ['vaapi']);
  const decoding = new HardwareDecoding({ ffmpegPath, decoding: 'auto', log: silentLog });
  decoding.refuse('a', new Error('no such profile'));
  expect([await decoding.of('a'), (await decoding.of('b'))?.name]).toEqual([undefined, 'vaapi']);
});

test('software is used where the configuration says so, or where there is no ffmpeg', async () => {
  await using directory = await tempDir();
  const ffmpegPath = await ffmpegWith(directory.path, ['vaapi']);
  expect(await new HardwareDecoding({ ffmpegPath, decoding: 'software', log: silentLog }).of('a')).toBeUndefined();
  const missing = join(directory.path, 'none');
  expect(await new HardwareDecoding({ ffmpegPath: missing, decoding: 'auto', log: silentLog }).of('a')).toBeUndefined();
});
