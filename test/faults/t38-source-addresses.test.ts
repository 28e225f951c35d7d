import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkValue } from '../../src/shared/check-value.ts';
import { CamerasFile } from '../../src/streams/config.ts';
import type { OtherSources } from '../../src/streams/sources/other-sources.ts';
import { failureOf } from '../../src/streams/stream-failure.ts';
import { camera, play, startSources } from '../streams/sources/playing.ts';

/** Ways to write this machine, a metadata service, or something that is not an address at all. */
const hosts = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  'localhost',
  'LOCALHOST',
  '169.254.169.254',
  '[fd00:ec2::254]',
  '100.100.100.200',
];
const words = [
  '-i',
  '$(touch owned)',
  '`touch owned`',
  ';touch owned',
  '%0atouch%20owned',
  "'owned",
  '"owned',
  '|owned',
  '\nowned',
  ' -f lavfi',
  'concat:a',
];

test('T38: no spelling of a forbidden address is dialled, no word becomes an option or a command', async () => {
  let dialled = 0;
  const canary = createServer((_, response) => {
    dialled += 1;
    response.end();
  }).listen(0);
  await once(canary, 'listening');
  const address = canary.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const tails = fc
    .sample(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }), 15)
    .map((all) => all.join(''));
  const sources = ['http', 'https', 'rtmp', 'srt'].flatMap((scheme) =>
    hosts.flatMap((host) => tails.map((tail) => `${scheme}://${host}:${port}/${tail}`)),
  );
  const written = sources.filter((source) => checkValue(CamerasFile, { cameras: [{ id: 'a', source }] }).ok);
  await using house = startSources([], { allow: ['10.0.0.0/8', '0.0.0.0/0', '::/0'] });
  for (const source of written)
    expect(['refused', 'protocol', 'dns']).toContain(await failureAt(house.sources, source));
  const counts = { refusedAtTheFile: sources.length - written.length, refusedAtTheDial: written.length };
  console.log(
    `T38: ${counts.refusedAtTheFile} refused in the file, ${counts.refusedAtTheDial} before dialling, ${dialled} dialled`,
  );
  expect([dialled, existsSync('owned')]).toEqual([0, false]);
  canary.close();
});

async function failureAt(sources: OtherSources, source: string): Promise<string | undefined> {
  try {
    return (await play(sources, camera(source)).ended)?.failure;
  } catch (error) {
    return failureOf(error).failure;
  }
}
