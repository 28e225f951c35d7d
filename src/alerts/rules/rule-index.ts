import type { SensorRule } from '../config.ts';

/** Which rules look at a sensor, without asking each rule. */
export class RuleIndex {
  readonly #everywhere: readonly SensorRule[];
  readonly #bySensor: ReadonlyMap<string, readonly SensorRule[]>;

  constructor(rules: readonly SensorRule[]) {
    this.#everywhere = rules.filter((rule) => sensorsOf(rule) === undefined);
    const pairs = rules.flatMap((rule) => [...new Set(sensorsOf(rule))].map((sensor) => ({ sensor, rule })));
    const grouped = [...Map.groupBy(pairs, ({ sensor }) => sensor)];
    this.#bySensor = new Map(grouped.map(([sensor, of]) => [sensor, of.map(({ rule }) => rule)]));
  }

  of(sensor: string): readonly SensorRule[] {
    return [...this.#everywhere, ...(this.#bySensor.get(sensor) ?? [])];
  }
}

/** Does it look at several sensors at once, and so stand with none of them alone? */
export function namesItsSensors(rule: SensorRule): boolean {
  return rule.kind === 'combination' && rule.conditions.some(({ sensor }) => sensor !== undefined);
}

/** Undefined for a rule of all sensors. */
function sensorsOf(rule: SensorRule): readonly string[] | undefined {
  if (rule.kind !== 'combination' || !namesItsSensors(rule)) return rule.sensors;
  return rule.conditions.flatMap(({ sensor }) => sensor ?? []);
}

/** The sensor, and every other one that a rule looks at together with it. */
export function sensorsJudgedWith(rules: readonly SensorRule[], sensor: string): string[] {
  const together = rules
    .filter(namesItsSensors)
    .map((rule) => sensorsOf(rule) ?? [])
    .filter((sensors) => sensors.includes(sensor));
  return [...new Set([sensor, ...together.flat()])];
}
