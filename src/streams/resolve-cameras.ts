import { resolve } from 'node:path';
import { toWgs84 } from '../gis/datum.ts';
import type { GeoPoint } from '../gis/point.ts';
import type { ValueIssue } from '../shared/check-value.ts';
import type { CameraEntry, CamerasFile } from './config.ts';
import { type DetectConfig, resolveDetect } from './detect/detect-config.ts';
import { detectIssues, objectIssues } from './detect/detect-issues.ts';
import { type RecordConfig, resolveRecord } from './recorder/recording-config.ts';
import { resolveView, type ViewConfig, viewIssues } from './view-config.ts';

type Settled = 'name' | 'position' | 'view' | 'tags' | 'record' | 'detect';

/** A camera with all defaults applied; its position is WGS-84. */
export interface CameraConfig extends Readonly<Omit<CameraEntry, Settled>> {
  readonly name: string;
  readonly position?: GeoPoint;
  readonly view?: ViewConfig;
  readonly tags: readonly string[];
  /** Undefined for a camera that is not recorded. */
  readonly record?: RecordConfig;
  readonly detect?: DetectConfig;
}

/** Every camera of a file, complete; footage is looked for from `directory` on. */
export function resolveCameras({ defaults = {}, cameras = [] }: CamerasFile, directory = '.'): CameraConfig[] {
  return cameras.map((entry) => withFootage(resolveCamera({ ...defaults, ...entry }), directory));
}

function withFootage(camera: CameraConfig, directory: string): CameraConfig {
  const placed = (source: string) =>
    source.startsWith('file:') ? `file:${resolve(directory, source.slice('file:'.length))}` : source;
  const { source, substream } = camera;
  return { ...camera, source: placed(source), ...(substream !== undefined && { substream: placed(substream) }) };
}

function resolveCamera({ name, position, view, tags, record, detect, ...rest }: CameraEntry): CameraConfig {
  return {
    ...rest,
    name: name ?? rest.id,
    tags: tags ?? [],
    ...resolvedRecord(record),
    ...(position && { position: toWgs84(position) }),
    ...(view && { view: resolveView(view) }),
    ...(detect && { detect: resolveDetect(detect) }),
  };
}

function resolvedRecord(entry: CameraEntry['record']): Pick<CameraConfig, 'record'> {
  const record = resolveRecord(entry);
  return record ? { record } : {};
}

/** What no schema can say of a cameras file: ids stand once, who pushes needs a key, zones have a shape, pairs fit a camera. */
export function cameraIssues(file: CamerasFile): ValueIssue[] {
  const { cameras = [] } = file;
  return [
    ...idIssues(cameras),
    ...cameras.flatMap(reservedIssue),
    ...cameras.flatMap(publishKeyIssue),
    ...cameras.flatMap(({ view }, index) => viewIssues(view, ['cameras', index, 'view'])),
    ...detectsOf(file).flatMap(({ detect, path }) => detectIssues(detect, path)),
  ];
}

/** Objects of a cameras file that the model does not know. */
export function unknownObjects(file: CamerasFile, known: ReadonlySet<string>): ValueIssue[] {
  return detectsOf(file).flatMap(({ detect, path }) => objectIssues(detect, path, known));
}

function detectsOf({ defaults, cameras = [] }: CamerasFile) {
  const all = [
    { detect: defaults?.detect, path: ['defaults', 'detect'] },
    ...cameras.map(({ detect }, index) => ({ detect, path: ['cameras', index, 'detect'] })),
  ];
  return all.flatMap(({ detect, path }) => (detect ? [{ detect, path }] : []));
}

function idIssues(cameras: readonly CameraEntry[]): ValueIssue[] {
  const first = new Map<string, number>();
  return cameras.flatMap(({ id }, index) => {
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, index);
      return [];
    }
    const message = `expected an id that no other camera has; cameras[${before}] has it too`;
    return [{ path: ['cameras', index, 'id'], at: 'value' as const, message }];
  });
}

/** `GET /cameras/plan` is a route of its own: a camera of that id could not be asked for. */
function reservedIssue({ id }: CameraEntry, index: number): ValueIssue[] {
  if (id !== 'plan') return [];
  return [
    { path: ['cameras', index, 'id'], at: 'value', message: 'expected another id; /cameras/plan is something else' },
  ];
}

function publishKeyIssue({ source, publishKey }: CameraEntry, index: number): ValueIssue[] {
  const pushed = source === 'rtmp';
  if (pushed === (publishKey !== undefined)) return [];
  const message = pushed
    ? 'missing; a camera with source: rtmp needs a secret of 16 letters or more to push with, better ${NAME} than in the file'
    : 'expected only with source: rtmp';
  return [{ path: ['cameras', index, 'publishKey'], at: 'value', message }];
}
