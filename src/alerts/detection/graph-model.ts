import { type Cut, cutOf, cutsOf } from './cut.ts';
import { joinLooks, type Look } from './join-looks.ts';
import { type Labels, refuseIdentity, refuseIdentityFile } from './labels.ts';
import { fillLetterbox, fitInto, type Room } from './letterbox.ts';
import type { Sighting, UnitBox, YuvFrame } from './model.ts';
import { startBackend } from './models/backend.ts';
import type { AdapterName, BackendName, BackendWish } from './models/model-form.ts';
import { openAsker } from './models/open-asker.ts';
import { roomFor } from './models/room-for.ts';
import { type Known, sightingsOf, tellShare } from './sightings.ts';

export interface GraphModelOptions {
  /** The model.json of a TensorFlow.js graph model; its weights lie beside it. */
  readonly path: string;
  readonly backend?: BackendWish | undefined;
  /** How its answers are read; found out from their form when left out. */
  readonly adapter?: AdapterName | undefined;
  /** By default those of COCO that rules use. */
  readonly labels?: Labels | undefined;
  /** Longest side of its picture, for a model that takes any. */
  readonly size?: number | undefined;
  /** Sightings below this are not worth telling: `tellShare` of what rules believe. */
  readonly minScore: number;
  readonly thresholds?: Known['thresholds'] | undefined;
}

/** What a model turned out to be. */
export interface ModelFacts {
  readonly backend: BackendName;
  readonly adapter: AdapterName;
  readonly size: number;
}

/** A loaded detector, for one thread. */
export interface GraphDetector {
  readonly facts: ModelFacts;
  detect(frame: YuvFrame, regions?: readonly UnitBox[]): Promise<Sighting[]>;
}

/** What a look's edge cut in two is looked at again, but not more often than this in one picture. */
const mostSecondLooks = 2;
/** The whole, a part, and those of cameras of another shape; beyond these memory is taken anew. */
const mostRooms = 8;
/**
 * A part of a picture gets so much of the whole's room across, and costs a third of it: what is small is seen nearly twice as
 * large as in the whole, and what needs a part of more than three quarters of the height is large in either.
 */
const partShare = 7 / 16;

/** Loads a model of one of the families in `models/`. Throws ModelUnusable, BackendUnusable or IdentityModelRefused. */
export async function openGraphModel(options: GraphModelOptions): Promise<GraphDetector> {
  const { path, minScore, thresholds = {} } = options;
  refuseIdentity(options.labels?.values() ?? []);
  refuseIdentityFile(path);
  const backend = await startBackend(options.backend ?? 'wasm');
  const { adapter, labels, ask } = await openAsker(options);
  const size = options.size ?? adapter.input.room.width;
  const memoryOf = roomMemory();
  const known = { labels, minScore, thresholds };
  const look = async (frame: YuvFrame, cut: Cut): Promise<Look> => {
    const room = roomFor(cut, adapter, isAll(cut, frame) ? size : size * partShare);
    const floats = memoryOf(room);
    fillLetterbox(floats, frame, { room, cut });
    const answers = await ask(floats, room);
    return { cut, sightings: sightingsOf(adapter.find(answers, { minScore, room }), fitInto(cut, room), known) };
  };
  return {
    facts: { backend, adapter: adapter.name, size },
    detect: (frame, regions = []) => lookAt(frame, cutsOf(regions, frame), { look, minScore }),
  };
}

/** One memory for each of the few rooms of a model: it is asked about one after the other. */
function roomMemory(): (room: Room) => Float32Array<ArrayBuffer> {
  const known = new Map<string, Float32Array<ArrayBuffer>>();
  return ({ width, height }) => {
    const name = `${width}x${height}`;
    const memory = known.get(name) ?? new Float32Array(width * height * 3);
    if (known.size < mostRooms) known.set(name, memory);
    return memory;
  };
}

interface Looking {
  readonly look: (frame: YuvFrame, cut: Cut) => Promise<Look>;
  readonly minScore: number;
}

async function lookAt(frame: YuvFrame, cuts: readonly Cut[], { look, minScore }: Looking): Promise<Sighting[]> {
  const looks: Look[] = [];
  for (const cut of cuts) looks.push(await look(frame, cut));
  const { sightings, halves } = joinLooks(looks, frame);
  const believed = halves.filter(({ sighting: { score, limit = minScore / tellShare } }) => score >= limit);
  const again = believed.slice(0, mostSecondLooks);
  if (again.length === 0) return [...sightings];
  for (const { region } of again) looks.push(await look(frame, cutOf(region, frame)));
  return [...joinLooks(looks, frame).sightings];
}

function isAll(cut: Cut, { width, height }: YuvFrame): boolean {
  return cut.width === width && cut.height === height;
}
