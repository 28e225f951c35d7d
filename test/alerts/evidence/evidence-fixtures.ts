import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Deeds } from '../../../src/access/ledger/deeds.ts';
import { Evidence, type EvidenceOptions } from '../../../src/alerts/evidence/evidence.ts';
import type { CopyKind } from '../../../src/alerts/evidence/packing/evidence-export.ts';
import type { PackageSources } from '../../../src/alerts/evidence/packing/package-sources.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { NothingRecordedError } from '../../../src/streams/recorder/nothing-recorded-error.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { fog, openDesk, seat, second } from '../alert-fixtures.ts';

export const reviewer: Actor = { id: 'reviewer-1', name: '审核员', role: 'reviewer', areas: 'all' };
export const otherReviewer: Actor = { id: 'reviewer-2', name: '复核员', role: 'reviewer', areas: 'all' };
export const admin: Actor = { id: 'admin-1', name: 'admin', role: 'admin', areas: 'all' };
export const southReviewer: Actor = { id: 'reviewer-3', name: '南', role: 'reviewer', areas: ['south'] };

/** Anything but a picture; who verifies looks at bytes. */
export const jpeg = new Uint8Array([0xff, 0xd8, ...randomBytes(300), 0xff, 0xd9]);

export const cameras = [
  { id: 'k1432-120', area: 'north' },
  { id: 'k1433-500', area: 'north' },
  { id: 'south-1', area: 'south' },
];

/** Two recorded files of each camera and a clip made of them, in files of their own that a test may take away. */
async function footageIn(directory: string): Promise<Pick<PackageSources, 'originals' | 'clip'>> {
  for (const { id } of cameras)
    for (const part of ['1', '2']) await writeFile(join(directory, `${id}-${part}.mp4`), randomBytes(700));
  return {
    originals: async ({ camera, from, to }) =>
      (await readdir(directory))
        .filter((file) => file.startsWith(`${camera}-`))
        .sort()
        .map((file) => ({
          recording: {
            id: file,
            camera,
            file: `${camera}/2026-11-26/${file}`,
            ring: false,
            open: false,
            startedAt: from,
            endedAt: to,
            bytes: 700,
            codec: 'h264',
            holes: [],
            cameraClockOffsetMs: -1_250,
          },
          open: async () => {
            const bytes = await readFile(join(directory, file)).catch(() => undefined);
            return bytes && Readable.from([bytes]);
          },
        })),
    clip: async ({ camera, from, to }) => {
      if (camera === 'south-1') throw new NothingRecordedError();
      return { from, to, stream: () => Readable.from([Buffer.from(`clip of ${camera}`)]) };
    },
  };
}

const incident = {
  id: 'i1',
  incident: { id: 'i1', title: '行人上高速', alerts: [] },
  timeline: [{ at: '2026-11-26T08:00:00.000Z', by: '席1', action: 'incident.open' }],
  alerts: [],
  photos: ['p1'],
  tracks: [{ unit: 'xun7', points: [] }],
};

/** Evidence on a real database, with an alert of a camera, and footage and an incident that others keep. */
export async function openEvidence(changes: Partial<EvidenceOptions> = {}) {
  const opened = new AsyncDisposableStack();
  const { desk, store } = opened.use(await openDesk());
  const deeds = new Deeds({ store, log: silentLog });
  opened.defer(() => deeds.close());
  const { path: directory } = opened.use(await tempDir());
  const { path: recordings } = opened.use(await tempDir());
  const options: EvidenceOptions = {
    store,
    alerts: desk,
    incident: async () => ({ area: 'north', at: second(0).toISOString(), until: undefined, alerts: [] }),
    camera: (id) => cameras.find((camera) => camera.id === id),
    sources: {
      ...(await footageIn(recordings)),
      incident: async () => incident,
      photo: async () => jpeg,
      measured: async () => [{ sensor: 'ws06', measure: 'visibility', points: [[0, 180]] }],
    },
    dataDirectory: directory,
    ffmpegPath: 'ffmpeg',
    begin: deeds.begin,
    log: silentLog,
    ...changes,
  };
  const evidence = opened.use(new Evidence(options));
  const alert = await desk.observe(fog({ camera: 'k1432-120', snapshot: jpeg }));
  const ask = async (actor = seat, asked: object = {}) =>
    await evidence.desk.request({ alert: alert.id, purpose: '交警取证', recipient: '交警支队', ...asked }, actor);
  const approved = async () => await evidence.desk.approve((await ask()).id, reviewer);
  /** The whole zip, in a file of its own. */
  const packed = async (copy: CopyKind = 'original', id?: string) => {
    const { bytes } = await evidence.package(id ?? (await approved()).id, copy, seat);
    const path = join(directory, `${randomBytes(6).toString('hex')}.zip`);
    const content = await buffer(bytes);
    await writeFile(path, content);
    return { path, content };
  };
  const forget = async (file: string) => await rm(join(recordings, file));
  return {
    ...{ evidence, store, desk, alert, directory, options, ask, approved, packed, forget },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
