import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { LearntScene, Scenes } from './learnt-scene.ts';
import { edgeColumns, edgeRows } from './picture-facts.ts';
import type { Scene } from './scene-match.ts';

const cells = edgeColumns * edgeRows;
/** Base64 of one byte a cell. */
const Edges = Type.String({ minLength: (cells / 3) * 4, maxLength: (cells / 3) * 4, pattern: '^[A-Za-z0-9+/]*$' });
const WrittenScene = Type.Object({
  upright: Edges,
  level: Edges,
  sharpness: Type.Optional(Type.Number({ minimum: 0, maximum: 10 })),
  learntAt: Type.Number(),
});
const WrittenScenes = Type.Object({
  version: Type.Literal(1),
  day: Type.Optional(WrittenScene),
  night: Type.Optional(WrittenScene),
});
type WrittenScene = Static<typeof WrittenScene>;

/** Grey levels a pixel, in sixteenths: no view has edges of more than 16 on the mean of a cell that matter. */
const parts = 16;

/** The known scenes in a few kilobytes: where edges are, no picture. */
export function scenesText({ day, night }: Scenes): string {
  return JSON.stringify({ version: 1, ...written('day', day), ...written('night', night) });
}

/** Undefined for a text that is none, or of another version: the scene is learnt anew. */
export function scenesOfText(text: string): Scenes | undefined {
  const read = parsed(text);
  if (!Value.Check(WrittenScenes, read)) return undefined;
  return { ...(read.day && { day: readScene(read.day) }), ...(read.night && { night: readScene(read.night) }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function written(
  name: 'day' | 'night',
  learnt: LearntScene | undefined,
): Partial<Record<'day' | 'night', WrittenScene>> {
  if (learnt?.phase !== 'known') return {};
  const { scene, learntMs } = learnt;
  const { sharpness } = scene;
  const edges = { upright: packed(scene.upright), level: packed(scene.level) };
  return { [name]: { ...edges, ...(sharpness !== undefined && { sharpness }), learntAt: learntMs } };
}

function readScene({ upright, level, sharpness, learntAt }: WrittenScene): LearntScene {
  const scene: Scene = { upright: unpacked(upright), level: unpacked(level), sharpness };
  return { phase: 'known', scene, learntMs: learntAt, lastMs: learntAt };
}

function packed(edges: Float32Array): string {
  return Buffer.from(Array.from(edges, (edge) => Math.min(255, Math.round(edge * parts)))).toString('base64');
}

function unpacked(text: string): Float32Array {
  return Float32Array.from(Buffer.from(text, 'base64'), (byte) => byte / parts);
}
