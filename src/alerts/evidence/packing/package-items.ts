import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../shared/app-error.ts';
import { keyName } from './manifest.ts';
import type { PlayableClip } from './package-sources.ts';
import type { PackageItem } from './package-zip.ts';
import type { CameraPapers, Papers } from './papers.ts';

/** How pictures and clips are changed for a copy; undefined for the originals. */
export interface Marking {
  picture(jpeg: Uint8Array): Promise<Uint8Array>;
  clip(clip: Readable, signal: AbortSignal): Readable;
}

export interface ItemSources {
  readonly clip: (camera: string) => Promise<PlayableClip>;
  readonly photo: (id: string) => Promise<Uint8Array>;
  readonly marking: Marking | undefined;
}

/** The files of words: a name, its text, and where that comes from. */
export type Document = readonly [name: string, text: string, source: string];

export function documentItems(documents: readonly Document[]): PackageItem[] {
  return documents.map(([name, text, source]) => ({ name, source, open: async () => Buffer.from(text) }));
}

export function keyItem(pem: string): PackageItem {
  return { name: keyName, source: 'installation', open: async () => Buffer.from(pem) };
}

/** Pictures of alerts, with their boxes as they were drawn, and what people photographed. */
export function pictureItems({ alerts, incident }: Papers, { photo, marking }: ItemSources): PackageItem[] {
  const suffix = marking ? 'review.jpg' : 'jpg';
  const marked = async (jpeg: Uint8Array) => (marking ? await marking.picture(jpeg) : jpeg);
  const snapshots = alerts.flatMap(({ alert: { id }, snapshot }) =>
    snapshot
      ? [{ name: `snapshots/${id}.${suffix}`, source: `alert ${id}${noteOf(marking)}`, open: () => marked(snapshot) }]
      : [],
  );
  const photos = (incident?.photos ?? []).map((id) => ({
    name: `photos/${id}.${suffix}`,
    source: `photo of the incident${noteOf(marking)}`,
    open: () => orMissing(async () => await marked(await photo(id))),
  }));
  return [...snapshots, ...photos];
}

/** The recorded files as they are, and for each camera one that plays; a copy has that one only, and marked. */
export function footageItems({ cameras }: Papers, sources: ItemSources): PackageItem[] {
  return cameras.flatMap((papers) => [...(sources.marking ? [] : originalItems(papers)), clipItem(papers, sources)]);
}

function originalItems({ camera, originals }: CameraPapers): PackageItem[] {
  return originals.map(({ recording: { file }, open }) => ({
    name: `recordings/${file}`,
    source: `recording of ${camera}`,
    open: async () => (await open()) ?? { missing: 'the recorded file is gone' },
  }));
}

function clipItem({ camera }: CameraPapers, { clip, marking }: ItemSources): PackageItem {
  return {
    name: marking ? `clips/${camera}.review.mp4` : `clips/${camera}.mp4`,
    source: `made of the recordings of ${camera}${marking ? noteOf(marking) : ', not encoded again'}`,
    open: (signal) =>
      orMissing(async () => {
        const bytes = (await whenFree(() => clip(camera), signal)).stream();
        return marking ? marking.clip(bytes, signal) : bytes;
      }),
  };
}

const noteOf = (marking: Marking | undefined) => (marking ? ', watermarked review copy' : '');

const againMs = 500;

/** Whoever says that it is busy is asked again as long as the package may take: half of it has left by then. */
async function whenFree<T>(open: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;)
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof AppError && error.statusCode === 503)) throw error;
      await sleep(againMs, undefined, { signal });
    }
}

/** What the house says is not there is no reason to give nothing out. */
async function orMissing<T>(open: () => Promise<T>): Promise<T | { missing: string }> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof AppError && error.statusCode === 404) return { missing: error.message };
    throw error;
  }
}
