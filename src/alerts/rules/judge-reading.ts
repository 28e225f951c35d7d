import type { AlertKind } from '../alert.ts';
import type { SensorRule } from '../config.ts';
import { type CombinationRule, judgeCombination } from './combination.ts';
import { judgeIce } from './ice.ts';
import { type Judgement, measured } from './judgement.ts';
import { judgeRate, type RateRule, withSample } from './rate-of-change.ts';
import type { Reading, SensorFile, SensorPlace, Standing } from './sensor-file.ts';
import { judgeStrongWind } from './strong-wind.ts';
import { judgeThreshold } from './threshold.ts';
import { judgeVisibility } from './visibility.ts';

/** A reading, the file of its sensor, and how to find those of others. */
export interface Hearing {
  readonly place: SensorPlace;
  readonly reading: Reading;
  readonly fileOf: (sensor: string) => SensorFile | undefined;
}

export interface PlacedJudgement extends Judgement {
  /** Where the alert stands; with the sensor that reads when left out. */
  readonly place?: SensorPlace | undefined;
}

/** Each rule reads what it knows of a reading; undefined when it knows nothing of it. */
export function judgeReading(standing: Standing, hearing: Hearing): PlacedJudgement | undefined {
  const { rule } = standing;
  const { place, reading } = hearing;
  const source = place.name ?? place.id;
  switch (rule.kind) {
    case 'low-visibility':
      return judgeVisibility(rule, reading.values, source);
    case 'ice':
      return judgeIce(rule, reading.values, source);
    case 'strong-wind':
      return judgeStrongWind(rule, reading.values, source);
    case 'threshold':
      return judgeThreshold(rule, reading.values, source);
    case 'rate':
      return judgeChange(rule, standing, hearing);
    case 'combination':
      return judgeTogether(rule, hearing);
    case 'no-data':
      // Silence is judged by the clock alone.
      return undefined;
  }
}

/** What an alert of the rule is called. */
export function alertKindOf(rule: SensorRule): AlertKind {
  switch (rule.kind) {
    case 'no-data':
      return 'sensor-fault';
    case 'threshold':
    case 'rate':
    case 'combination':
      return rule.raises;
    default:
      return rule.kind;
  }
}

function judgeChange(rule: RateRule, standing: Standing, { place, reading }: Hearing): Judgement | undefined {
  const value = measured(reading.values, rule.measure);
  if (value === undefined) return undefined;
  standing.samples = withSample(standing.samples, { at: reading.at, value }, rule.window * 1_000);
  return judgeRate(rule, standing.samples, place.name ?? place.id);
}

function judgeTogether(rule: CombinationRule, { place, reading, fileOf }: Hearing): PlacedJudgement | undefined {
  const fileFor = (sensor: string | undefined) => fileOf(sensor ?? place.id);
  const judged = judgeCombination(rule, {
    at: reading.at,
    newestOf: ({ sensor, measure }) => fileFor(sensor)?.newest(measure),
  });
  return judged && { ...judged, place: judged.met && fileFor(judged.met.sensor)?.place };
}
