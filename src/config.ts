/** Joins what the slices ask of the config directory; the only reader of it. */
import { glob, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { AccessConfig, LedgerConfig, ServerConfig } from './access/config.ts';
import { oidcIssues } from './access/oidc/oidc-config.ts';
import { areaCodeIssues, placedFeeds, WarningsConfig, warningIssues } from './alerts/cap/warnings-config.ts';
import { RulesConfig, ruleIssues, unknownSensors } from './alerts/config.ts';
import { DetectorConfig, placedDetector } from './alerts/detection/detector-config.ts';
import { families, objectNames } from './alerts/detection/labels.ts';
import { detectorDoubts } from './alerts/detection/models/detector-doubts.ts';
import { readLabelFile } from './alerts/detection/models/label-file.ts';
import { modelSource } from './alerts/detection/models/model-source.ts';
import { DeskConfig } from './alerts/duty/desk-config.ts';
import { FeedsConfig } from './alerts/feed/config.ts';
import { cameraSecretIssues, secretIssues } from './config-secrets.ts';
import { ChannelsConfig, channelAreaIssues, channelIssues } from './dispatch/channels/config.ts';
import { RetentionConfig, type UnitConfig, UnitsFile, unitIssues } from './dispatch/config.ts';
import type { Plan } from './dispatch/plans/config.ts';
import {
  calendarIssues,
  type Responsibility,
  ResponsibilityFile,
  ResponsibilityRows,
  responsibilityCsv,
  rowIssues,
} from './dispatch/responsibility/config.ts';
import { AreasGeoJson } from './gis/area-feature.ts';
import { areaIssues, LandGeoJson, MapConfig, roadIssues } from './gis/config.ts';
import { RoadsGeoJson } from './gis/road-feature.ts';
import { DevicesConfig, ingestIssues, MqttConfig, TelemetryConfig } from './ingest/config.ts';
import { DecodersConfig, DialectsConfig } from './ingest/decoders/decoder-config.ts';
import { Jt808Config } from './ingest/jt808/config.ts';
import { readPlans } from './plan-files.ts';
import { AppError } from './shared/app-error.ts';
import type { ConfigIssue } from './shared/config-error.ts';
import { ConfigReader } from './shared/config-reader.ts';
import type { Environment } from './shared/placeholders.ts';
import { cameraCsv } from './streams/camera-csv.ts';
import { CamerasFile } from './streams/config.ts';
import { type CameraConfig, cameraIssues, resolveCameras, unknownObjects } from './streams/resolve-cameras.ts';
import { VideoConfig } from './streams/video-config.ts';

/** `tianliang.yaml`. */
export const TianliangFile = Type.Object(
  {
    server: ServerConfig,
    access: AccessConfig,
    ledger: LedgerConfig,
    map: MapConfig,
    mqtt: MqttConfig,
    devices: DevicesConfig,
    decoders: DecodersConfig,
    dialects: DialectsConfig,
    telemetry: TelemetryConfig,
    jt808: Type.Optional(Jt808Config),
    detector: DetectorConfig,
    desk: DeskConfig,
    video: VideoConfig,
    warnings: WarningsConfig,
    retention: RetentionConfig,
    channels: ChannelsConfig,
    feeds: FeedsConfig,
  },
  { additionalProperties: false },
);

/** Everything the config directory says, checked and frozen. */
export interface Config {
  readonly tianliang: Static<typeof TianliangFile>;
  readonly cameras: readonly CameraConfig[];
  readonly units: readonly UnitConfig[];
  readonly rules: RulesConfig;
  readonly responsibility: Responsibility;
  readonly plans: readonly Plan[];
  readonly roads: RoadsGeoJson;
  readonly areas: AreasGeoJson;
  readonly land: LandGeoJson;
  /** Paths and globs of the files that `cameras.yaml` and `responsibility.yaml` include. */
  readonly include: readonly string[];
  readonly detectorFiles: DetectorFiles;
}

/** The files that `detector` names: a server starts without them and is blind; a change to such is refused. */
export interface DetectorFiles {
  /** Where the model is named. */
  readonly place: ConfigIssue;
  readonly doubts: readonly ConfigIssue[];
}

/** The files of a config directory, some by a glob; those that some of them include come on top. */
export const configFiles = [
  'tianliang.yaml',
  'cameras.yaml',
  'units.yaml',
  'rules.yaml',
  'responsibility.yaml',
  'roads.geojson',
  'areas.geojson',
  'land.geojson',
  'plans/*.yaml',
] as const;

/** A directory that is not there would be a center without cameras: rather a wrong word on the command line. */
export class NoConfigDirectoryError extends AppError {
  readonly code = 'CONFIG_MISSING';

  constructor(dir: string) {
    super(`there is no config directory ${resolve(dir)}; name it with --config DIR`);
  }
}

const noFeatures = '{"type":"FeatureCollection","features":[]}';

/**
 * Reads and checks the whole directory. Fails with a `ConfigError` that names every mistake in every file at once, or
 * with a `NoConfigDirectoryError`.
 */
export async function loadConfig(dir: string, environment: Environment): Promise<Config> {
  if (!(await isDirectory(dir))) throw new NoConfigDirectoryError(dir);
  const reader = new ConfigReader(dir, environment);
  const reading = reader.read({ name: 'tianliang.yaml', schema: TianliangFile, also: tianliangIssues });
  const [tianliang, cameras, units, rules, matrix, roads, areas, land] = await Promise.all([
    reading,
    reading.then(async (file) => readCameras(reader, dir, await namesKnownTo(file, dir))),
    reader.read({ name: 'units.yaml', schema: UnitsFile, also: unitIssues }),
    reading.then((file) => readRules(reader, file)),
    readResponsibility(reader, dir),
    reader.read({ name: 'roads.geojson', schema: RoadsGeoJson, also: roadIssues, absent: noFeatures }),
    reader.read({ name: 'areas.geojson', schema: AreasGeoJson, also: areaIssues, absent: noFeatures }),
    reader.read({ name: 'land.geojson', schema: LandGeoJson, absent: noFeatures }),
  ]);
  for (const issue of tianliang && areas ? areaIssuesOf(tianliang, areas) : [])
    reader.refuse({ file: 'tianliang.yaml', ...issue });
  const planFiles = await includedFiles(dir, ['plans/*.yaml']);
  const plans = await readPlans(reader, planFiles, { tianliang, cameras: cameras.cameras, units, areas });
  reader.throwIfWrong();
  if (!tianliang || !units || !rules || !matrix || !roads || !areas || !land)
    throw new Error('a file was refused without an issue');
  const warnings = placedFeeds(tianliang.warnings, dir);
  const detector = placedDetector(tianliang.detector, dir);
  return deepFreeze({
    tianliang: { ...tianliang, warnings, detector },
    detectorFiles: await detectorFiles(reader, detector),
    ...cameras,
    units: units.units,
    rules,
    responsibility: matrix.responsibility,
    plans,
    include: [...cameras.include, ...matrix.include],
    roads,
    areas,
    land,
  });
}

async function isDirectory(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function tianliangIssues(file: Static<typeof TianliangFile>) {
  const ofIngest = ingestIssues(file).map((issue) => ({ ...issue, at: 'value' as const }));
  const ofLogin = file.access.oidc ? oidcIssues(file.access.oidc) : [];
  return [
    ...ofIngest,
    ...warningIssues(file.warnings),
    ...ofLogin,
    ...channelIssues(file.channels),
    ...secretIssues(file),
  ];
}

/** Areas it names that areas.geojson does not have. */
function areaIssuesOf({ warnings, channels }: Static<typeof TianliangFile>, areas: AreasGeoJson) {
  const known = new Set(areas.features.map(({ properties }) => properties.id));
  return [...areaCodeIssues(warnings, areas), ...channelAreaIssues(channels, known)];
}

/** What objects may be called; undefined when nobody knows what a model of one's own tells apart. */
async function namesKnownTo(
  file: Static<typeof TianliangFile> | undefined,
  dir: string,
): Promise<ReadonlySet<string> | undefined> {
  if (!file) return undefined;
  const { model, labels } = placedDetector(file.detector, dir);
  const named = labels === undefined ? undefined : await readLabelFile(labels).catch(() => undefined);
  if (named) return new Set([...families, ...named.values()]);
  const isOurs = model === undefined || modelSource(model, dir).type === 'listed';
  return isOurs && labels === undefined ? new Set(objectNames) : undefined;
}

async function detectorFiles(reader: ConfigReader, detector: DetectorConfig): Promise<DetectorFiles> {
  const at = (key: string, message: string) =>
    reader.locate('tianliang.yaml', { path: ['detector', key], at: 'value', message });
  const doubts = await detectorDoubts(detector);
  return {
    place: at('model', ''),
    doubts: doubts.map(({ key, message, place }) => (place ? { ...place, path: '', message } : at(key, message))),
  };
}

/** `rules.yaml`: what it says of sensors is about devices of `tianliang.yaml`. */
function readRules(reader: ConfigReader, file: Static<typeof TianliangFile> | undefined) {
  const known = file && new Set(file.devices.map(({ id }) => id));
  const also = (rules: RulesConfig) => [...ruleIssues(rules), ...(known ? unknownSensors(rules, known) : [])];
  return reader.read({ name: 'rules.yaml', schema: RulesConfig, also });
}

type ReadCameras = Promise<Pick<Config, 'cameras' | 'include'>>;

/** `cameras.yaml` and the files it includes; an id stands once in all of them together. */
async function readCameras(reader: ConfigReader, dir: string, known: ReadonlySet<string> | undefined): ReadCameras {
  const name = 'cameras.yaml';
  const also = (file: CamerasFile) => [
    ...cameraIssues(file),
    ...cameraSecretIssues(file),
    ...(known ? unknownObjects(file, known) : []),
  ];
  const main = await reader.read({ name, schema: CamerasFile, also });
  const include = main?.include ?? [];
  const included = await includedFiles(dir, include);
  const files = await Promise.all(
    included.map(async (file) => ({
      file,
      read: await reader.read({ name: file, schema: CamerasFile, also, csv: cameraCsv }),
    })),
  );
  const fileOf = new Map<string, string>();
  const cameras = [{ file: name, read: main }, ...files].flatMap(({ file, read }) => {
    const resolved = resolveCameras({ ...read, defaults: { ...main?.defaults, ...read?.defaults } }, dir);
    for (const { id } of resolved) {
      const before = fileOf.get(id) ?? file;
      if (before !== file)
        reader.refuse({ file, path: id, message: `expected an id that no other camera has; ${before} has it too` });
      fileOf.set(id, file);
    }
    return resolved;
  });
  return { cameras, include };
}

type ReadMatrix = Promise<{ responsibility: Responsibility; include: readonly string[] } | undefined>;

/** `responsibility.yaml` and the files it includes: one matrix, its rows in the order of the files. */
async function readResponsibility(reader: ConfigReader, dir: string): ReadMatrix {
  const also = (file: Static<typeof ResponsibilityFile>) => [...calendarIssues(file), ...rowIssues(file)];
  const main = await reader.read({ name: 'responsibility.yaml', schema: ResponsibilityFile, also });
  if (!main) return undefined;
  const { calendar, include } = main;
  const rows = [...main.rows];
  for (const name of await includedFiles(dir, include)) {
    const read = await reader.read({ name, schema: ResponsibilityRows, also: rowIssues, csv: responsibilityCsv });
    rows.push(...(read?.rows ?? []));
  }
  return { responsibility: { calendar, rows }, include };
}

async function includedFiles(dir: string, patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns)
    for await (const file of glob(pattern, { cwd: dir })) found.add(relative(dir, join(dir, file)));
  return [...found].toSorted();
}

/** Nobody changes what all read. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
  return value;
}
