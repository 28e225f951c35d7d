import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { Evidence } from '../../../src/alerts/evidence/evidence.ts';
import { readPublicKey } from '../../../src/alerts/evidence/packing/signing-key.ts';
import { openZip } from '../../../src/alerts/evidence/verifying/read-zip.ts';
import { verifyPackage } from '../../../src/alerts/evidence/verifying/verify-package.ts';
import { ClipsBusyError } from '../../../src/streams/recorder/clip-turns.ts';
import { otherSeat, seat } from '../alert-fixtures.ts';
import { admin, jpeg, openEvidence, reviewer } from './evidence-fixtures.ts';

async function filesOf(path: string): Promise<Map<string, Buffer>> {
  await using zip = await openZip(path);
  const files = new Map<string, Buffer>();
  for (const { name, read } of zip.entries) files.set(name, await buffer(await read()));
  return files;
}

const textOf = (files: Map<string, Buffer>, name: string) => JSON.parse(files.get(name)?.toString() ?? 'null');

test('a package holds the recordings untouched, pictures, reasons, measurements and the ledger, and proves itself', async () => {
  await using house = await openEvidence();
  const { path } = await house.packed();
  const files = await filesOf(path);
  expect([...files.keys()]).toEqual([
    ...['README.txt', 'request.json', 'timeline.json', 'reasons.json', 'cameras.json'],
    ...['telemetry.json', 'telemetry.csv', 'tracks.json', 'ledger.json', 'public-key.pem'],
    `snapshots/${house.alert.id}.jpg`,
    'recordings/k1432-120/2026-11-26/k1432-120-1.mp4',
    'recordings/k1432-120/2026-11-26/k1432-120-2.mp4',
    ...['clips/k1432-120.mp4', 'manifest.json', 'manifest.sig'],
  ]);
  expect(files.get(`snapshots/${house.alert.id}.jpg`)).toEqual(Buffer.from(jpeg));
  expect(textOf(files, 'reasons.json')).toMatchObject([{ id: house.alert.id, reasons: [{ limit: 200, value: 180 }] }]);
  expect(textOf(files, 'cameras.json')).toMatchObject([{ files: [{ cameraClockOffsetMs: -1_250 }, {}] }]);
  expect(textOf(files, 'timeline.json').alerts[0].steps).toMatchObject([{ by: 'system', action: 'alert.raise' }]);
  expect(files.get('telemetry.csv')?.toString().split('\r\n')[1]).toMatch(/^ws06,visibility,.*Z,180$/);
  const ledger = textOf(files, 'ledger.json');
  const actions = ledger.rows.map(({ action }: { action: string }) => action);
  expect(actions).toEqual(['alert.raise', 'evidence.request', 'evidence.approve', 'evidence.seal']);
  const manifest = textOf(files, 'manifest.json');
  expect(manifest).toMatchObject({ copy: 'original', requestedBy: '席1', approvedBy: '审核员', ledger: ledger.head });
  expect(await verifyPackage(path, readPublicKey(manifest.key))).toEqual({ findings: [], manifest });
});

test('the key is the owner’s alone to read, and stays the same', async () => {
  await using house = await openEvidence();
  const keys = [await house.packed(), await house.packed()].map(
    ({ content }) => /ed25519:[\w-]{43}/.exec(content.toString('latin1'))?.[0],
  );
  expect(keys[0]).toBeDefined();
  expect(keys[1]).toBe(keys[0]);
  const path = join(house.directory, 'evidence-key.pem');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const secret = (await readFile(path, 'utf8')).split('\n')[1] ?? '-';
  expect((await house.packed()).content.includes(secret)).toBe(false);
});

test('only what is approved goes out, to whoever asked or reviews, and each time with its row', async () => {
  await using house = await openEvidence();
  const { evidence, store } = house;
  const { id } = await house.ask();
  await expect(evidence.package(id, 'original', seat)).rejects.toMatchObject({ code: 'EVIDENCE_MOVE_REFUSED' });
  await expect(evidence.packageOfAlert(house.alert.id, 'original', seat)).rejects.toMatchObject({ statusCode: 404 });
  await evidence.desk.approve(id, reviewer);
  await expect(evidence.package(id, 'original', otherSeat)).rejects.toMatchObject({ code: 'EVIDENCE_OF_ANOTHER' });
  for (const actor of [seat, reviewer, admin]) await buffer((await evidence.package(id, 'original', actor)).bytes);
  await buffer((await evidence.packageOfAlert(house.alert.id, 'original', seat)).bytes);
  const rows = async (action: string) => {
    const found = await store.db.selectFrom('ledger').selectAll().where('action', '=', action).execute();
    return found.map(({ actor, result }) => `${actor} ${result}`);
  };
  for (const action of ['evidence.seal', 'evidence.export'])
    await expect.poll(() => rows(action)).toEqual(['席1 ok', '审核员 ok', 'admin ok', '席1 ok']);
});

test('an approval of other words than those in the database lets nothing out', async () => {
  await using house = await openEvidence();
  const { id } = await house.approved();
  const widened = (text: string) => text.replace('交警支队', '某报社');
  const row = await house.store.db
    .selectFrom('evidence_requests')
    .select('data')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  await house.store.db
    .updateTable('evidence_requests')
    .set({ data: widened(row.data) })
    .where('id', '=', id)
    .execute();
  await expect(house.evidence.package(id, 'original', seat)).rejects.toMatchObject({ code: 'EVIDENCE_CHANGED' });
});

test('without its row of the ledger no byte goes out, and a turn is free again', async () => {
  await using house = await openEvidence({ limits: { atOnce: 1 } });
  const { id } = await house.approved();
  const { schema } = house.store.db;
  await schema.alterTable('ledger').renameTo('ledger_away').execute();
  await expect(house.evidence.package(id, 'original', seat)).rejects.toThrow();
  await schema.alterTable('ledger_away').renameTo('ledger').execute();
  expect((await house.packed('original', id)).content.length).toBeGreaterThan(1_000);
});

test('a recording that is pruned while the package is made is named as missing, and the package holds', async () => {
  await using house = await openEvidence();
  const { bytes } = await house.evidence.package((await house.approved()).id, 'original', seat);
  await house.forget('k1432-120-2.mp4');
  const path = join(house.directory, 'pruned.zip');
  await writeFile(path, await buffer(bytes));
  const { findings, manifest } = await verifyPackage(path);
  expect(findings).toEqual([]);
  const name = 'recordings/k1432-120/2026-11-26/k1432-120-2.mp4';
  expect(manifest?.missing).toEqual([{ name, reason: 'the recorded file is gone' }]);
});

test('more than a package may hold is refused with how much it is; a third at once waits', async () => {
  await using small = await openEvidence({ limits: { mostBytes: 1_000 } });
  const asked = await small.approved();
  await expect(small.evidence.package(asked.id, 'original', seat)).rejects.toMatchObject({
    code: 'EVIDENCE_TOO_LARGE',
    statusCode: 413,
  });
  await using busy = await openEvidence();
  const { id } = await busy.approved();
  const open = [await busy.evidence.package(id, 'original', seat), await busy.evidence.package(id, 'original', seat)];
  await expect(busy.evidence.package(id, 'original', seat)).rejects.toMatchObject({ code: 'EVIDENCE_BUSY' });
  for (const { bytes } of open) bytes.destroy();
  await expect
    .poll(() =>
      busy.packed('original', id).then(
        () => 'free',
        () => 'busy',
      ),
    )
    .toBe('free');
});

test('a clip that has no turn yet is waited for: half of the package has left by then', async () => {
  await using house = await openEvidence();
  let tries = 0;
  const { sources } = house.options;
  const clip: typeof sources.clip = async (span) => {
    tries += 1;
    if (tries < 3) throw new ClipsBusyError();
    return await sources.clip(span);
  };
  await using evidence = new Evidence({ ...house.options, sources: { ...sources, clip } });
  const { bytes } = await evidence.package((await house.approved()).id, 'original', seat);
  const path = join(house.directory, 'waited.zip');
  await writeFile(path, await buffer(bytes));
  const { findings, manifest } = await verifyPackage(path);
  expect([findings, manifest?.missing, tries]).toEqual([[], [], 3]);
});

test('whoever goes away ends the packing, and that it was not read whole is its row', async () => {
  await using house = await openEvidence();
  const { id } = await house.approved();
  const { bytes } = await house.evidence.package(id, 'original', seat);
  bytes.destroy();
  const failed = async () => {
    const rows = house.store.db.selectFrom('ledger').select('result').where('action', '=', 'evidence.export');
    return (await rows.execute()).map(({ result }) => result);
  };
  await expect.poll(failed).toEqual(['failed']);
});

test('a package that stands still is given up', async () => {
  await using house = await openEvidence({ limits: { idleMs: 50 } });
  const { id } = await house.approved();
  const read = async () => {
    const { bytes } = await house.evidence.package(id, 'original', seat);
    return await new Promise((_, reject) => bytes.once('error', reject));
  };
  await expect(read()).rejects.toMatchObject({ code: 'EVIDENCE_TOO_SLOW' });
});

test('a center that stops ends what it was giving out, and says so in the ledger', async () => {
  await using house = await openEvidence();
  const { bytes } = await house.evidence.package((await house.approved()).id, 'original', seat);
  await house.evidence.close();
  expect(bytes.destroyed).toBe(true);
  const rows = house.store.db.selectFrom('ledger').select('result').where('action', '=', 'evidence.export');
  expect((await rows.execute()).map(({ result }) => result)).toEqual(['failed']);
});
