import { readFile } from 'node:fs/promises';
import { type Config, loadConfig } from '../config.ts';
import { Areas } from '../gis/areas.ts';
import { calibrate } from '../gis/calibration.ts';
import { placeOf } from '../gis/place.ts';
import { Roads } from '../gis/roads.ts';
import { placedCamera } from '../placing.ts';
import type { CameraConfig } from '../streams/resolve-cameras.ts';
import { calibrationLines, refusalLines } from './calibration-lines.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { pairLines, readPairs } from './read-pairs.ts';

/**
 * Checks the pairs of one camera, given by `--pair` and `--file` or those it has, and prints what to write in
 * cameras.yaml; exit code 1 and the reason when no camera sees them so.
 */
export const camerasCalibrate: Command = async (context) => {
  const { words, configDir, environment, print } = context;
  const [id] = words;
  if (id === undefined) throw new UsageError('cameras calibrate expects the ID of a camera in cameras.yaml');
  const camera = cameraOf(await loadConfig(configDir, environment), id);
  const pairs = (await givenPairs(context)) ?? camera.view?.calibration ?? [];
  const calibration = calibrate(pairs);
  if (calibration.type === 'refused') {
    for (const line of refusalLines(pairs, calibration.reason)) print(`${id}: ${line}`);
    return 1;
  }
  for (const line of calibrationLines({ ...calibration, pairs, position: camera.position, view: camera.view }))
    print(line);
  return 0;
};

function cameraOf({ cameras, ...config }: Config, id: string): CameraConfig {
  const camera = cameras.find((one) => one.id === id);
  if (!camera) throw new UsageError(`cameras.yaml has no camera ${id}`);
  const ground = { roads: new Roads(config.roads), areas: new Areas(config.areas) };
  return placedCamera(camera, (given) => placeOf(ground, given));
}

/** Undefined when the command line names none. */
async function givenPairs({ options, lists }: CommandContext) {
  const { file, datum, size } = options;
  const said = [...(lists.pair ?? []), ...(file === undefined ? [] : pairLines(await readText(file)))];
  return said.length > 0 || file !== undefined ? readPairs(said, { datum, size }) : undefined;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`--file ${file} cannot be read`, { cause });
  }
}
