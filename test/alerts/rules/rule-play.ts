import { RulesConfig, ruleIssues, type SensorRule } from '../../../src/alerts/config.ts';
import { type RuleOutcome, SensorRules } from '../../../src/alerts/rules/sensor-rules.ts';
import { checkValue } from '../../../src/shared/check-value.ts';

export const placeOf = (id: string) => ({ id, name: `站 ${id}`, position: { lat: 27.3, lon: 105.29 } });
export const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);

/** A rule as the file has it, with its defaults. */
export function ruleOf(rule: object): SensorRule {
  const checked = checkValue(RulesConfig, { rules: [rule] });
  const issues = checked.ok ? ruleIssues(checked.value) : checked.issues;
  const [read] = checked.ok ? checked.value.rules : [];
  if (!read || issues.length > 0) throw new Error(JSON.stringify(issues));
  return read;
}

/** What is wrong with a file of these rules: `path message`. */
export function mistakesOf(...rules: readonly object[]): string[] {
  const checked = checkValue(RulesConfig, { rules });
  const issues = checked.ok ? ruleIssues(checked.value) : checked.issues;
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

export const told = (outcome: RuleOutcome) => (outcome.type === 'end' ? 'end' : outcome.observation.severity);

/** Each step: seconds, values, and the sensor when there are several. What the desk is told, in short. */
export function play(
  rule: object,
  steps: readonly (readonly [number, Readonly<Record<string, number>>, string?])[],
): string[] {
  const rules = new SensorRules([ruleOf(rule)]);
  return steps.map(([seconds, values, sensor = 'a']) => {
    return (
      rules
        .reading(placeOf(sensor), { at: at(seconds), values })
        .map(told)
        .join() || '-'
    );
  });
}
