/** Makes another configuration what runs, part by part. */
import { sensorRulesOf } from './alerts/config.ts';
import type { AlertDesk } from './alerts/desk.ts';
import type { Detection, Looking } from './alerts/detection/detection.ts';
import type { DetectorConfig } from './alerts/detection/detector-config.ts';
import { DetectorError } from './alerts/detection/detector-errors.ts';
import type { RunningDetector } from './alerts/detection/running-detector.ts';
import { tellShare } from './alerts/detection/sightings.ts';
import type { SensorRules } from './alerts/rules/sensor-rules.ts';
import type { AlertTraces } from './alerts/traces/alert-traces.ts';
import type { CameraGrounds } from './camera-grounds.ts';
import type { Config } from './config.ts';
import type { Incidents } from './dispatch/incidents/incidents.ts';
import type { IncidentPlans } from './dispatch/plans/incident-plans.ts';
import { ResponsibilityMatrix } from './dispatch/responsibility/matrix.ts';
import type { Ground } from './ground.ts';
import type { Ingest } from './ingest/ingest.ts';
import { tellDesk } from './message-effects.ts';
import { placedCamera, watchedCameras } from './placing.ts';
import type { ChangeableConfig, ChangedParts } from './running-config.ts';
import { ConfigError } from './shared/config-error.ts';
import type { Video } from './streams/video.ts';
import type { WeatherSight } from './weather-sight.ts';

/** What of the house can become otherwise while it runs. */
export interface Changing {
  readonly ground: Ground;
  readonly incidents: Incidents;
  readonly plans: IncidentPlans;
  readonly desk: AlertDesk;
  readonly video: Video;
  readonly rules: SensorRules;
  readonly ingest: Ingest;
  readonly detector: RunningDetector;
  readonly watching: Detection;
  readonly traces: AlertTraces;
  readonly grounds: CameraGrounds;
  readonly weather: WeatherSight;
}

/** Where the roads are others, what stands beside them is placed anew. */
export async function applyConfig(house: Changing, wanted: ChangeableConfig, what: ChangedParts): Promise<void> {
  const { ground, incidents, plans, desk, rules, ingest, detector } = house;
  if (what.plans) plans.configure(wanted.plans);
  if (what.devices) await ingest.configure(wanted.tianliang);
  if (what.rules) await tellDesk(desk, rules.configure(sensorRulesOf(wanted.rules)));
  if (what.detector) await adoptDetector(house, wanted);
  if (what.responsibility) incidents.desk.configure(new ResponsibilityMatrix(wanted.responsibility));
  if (what.roads) ground.configure(wanted.roads);
  await applyCameras(house, wanted, { ...what, cameras: what.cameras || what.roads });
  if (house.watching.size > 0) detector.start();
}

async function adoptDetector({ detector, traces }: Changing, { tianliang }: ChangeableConfig): Promise<void> {
  await detector.adopt();
  traces.configure(leastScoreOf(tianliang.detector));
}

async function applyCameras(house: Changing, wanted: ChangeableConfig, what: ChangedParts): Promise<void> {
  const { ground, video, watching, grounds, weather } = house;
  const { cameras, tianliang } = wanted;
  if (what.cameras) {
    await video.configure(cameras.map((camera) => placedCamera(camera, ground.find)));
    weather.configure(video.streams.configs());
    grounds.configure(cameras);
  }
  const { detector } = tianliang;
  if (what.cameras || what.detector)
    await watching.configure(watchedCameras(cameras, detector.workers, ground.find), lookingOf(detector));
}

/** From which score on all cameras believe the model, and what of their pictures it is shown. */
export function lookingOf({ score, gate }: DetectorConfig): Looking {
  const { enabled, fullEvery, regions } = gate;
  return { minScore: score, gate: enabled ? { fullEveryMs: fullEvery * 1_000, mostRegions: regions } : undefined };
}

/** Below it the detector says nothing. */
export const leastScoreOf = ({ score }: DetectorConfig): number => score * tellShare;

/** A model that cannot look is refused where it is named. */
export async function prepareDetector(detector: RunningDetector, { tianliang, detectorFiles }: Config): Promise<void> {
  if (detectorFiles.doubts.length > 0) throw new ConfigError(detectorFiles.doubts);
  try {
    await detector.prepare(tianliang.detector);
  } catch (error) {
    if (error instanceof DetectorError) throw new ConfigError([{ ...detectorFiles.place, message: error.message }]);
    throw error;
  }
}
