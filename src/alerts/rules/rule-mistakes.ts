import type { SensorRule } from '../config.ts';
import type { CombinationRule, Condition } from './combination.ts';
import type { RateRule } from './rate-of-change.ts';
import { limitOf, type ThresholdRule } from './threshold.ts';

export interface RuleMistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const beyond: RuleMistake = { path: ['clear'], message: 'expected it to lie beyond every limit the rule raises at' };

/** What is wrong with a rule although each of its keys is right. */
export function ruleMistakes(rule: SensorRule): RuleMistake[] {
  switch (rule.kind) {
    case 'low-visibility':
      return rule.raise.every(({ below }) => rule.clear >= below) ? [] : [beyond];
    case 'strong-wind':
      return rule.raise.every(({ from }) => rule.clear <= from) ? [] : [beyond];
    case 'ice':
      return rule.clear.temperature >= rule.raise.temperature && rule.clear.humidity <= rule.raise.humidity
        ? []
        : [beyond];
    case 'threshold':
      return thresholdMistakes(rule);
    case 'rate':
      return rateMistakes(rule);
    case 'combination':
      return combinationMistakes(rule);
    case 'no-data':
      return [];
  }
}

function thresholdMistakes({ raise, clear }: ThresholdRule): RuleMistake[] {
  const sides = sideMistakes(raise, ['above', 'below']);
  if (sides.length > 0 || clear === undefined) return sides;
  const crossed = raise.map(limitOf).some(({ limit, sign }) => sign * (clear - limit) > 0);
  return crossed ? [beyond] : [];
}

function rateMistakes({ raise, clear }: RateRule): RuleMistake[] {
  const sides = sideMistakes(raise, ['rises', 'falls']);
  if (sides.length > 0 || clear === undefined) return sides;
  return raise.every(({ rises, falls }) => clear <= (rises ?? falls ?? 0)) ? [] : [beyond];
}

/** Each tier has one of two keys, and all of them the same one. */
function sideMistakes<Key extends string>(
  tiers: readonly { readonly [key in Key]?: number | undefined }[],
  [one, other]: readonly [Key, Key],
): RuleMistake[] {
  const firstHasOne = tiers[0]?.[one] !== undefined;
  return tiers.flatMap((tier, index) => {
    const path = ['raise', index];
    if ((tier[one] === undefined) === (tier[other] === undefined))
      return [{ path, message: `expected either ${one} or ${other}` }];
    if ((tier[one] !== undefined) === firstHasOne) return [];
    return [{ path, message: `expected ${firstHasOne ? one : other}, as in the first tier` }];
  });
}

function combinationMistakes({ conditions, sensors }: CombinationRule): RuleMistake[] {
  const named = conditions.filter(({ sensor }) => sensor !== undefined).length;
  return [
    ...conditions.flatMap(conditionMistakes),
    ...(named > 0 && named < conditions.length
      ? [{ path: ['conditions'], message: 'expected a sensor in every condition or in none' }]
      : []),
    ...(named > 0 && sensors
      ? [{ path: ['sensors'], message: 'expected none: the conditions name their sensors' }]
      : []),
  ];
}

function conditionMistakes(condition: Condition, index: number): RuleMistake[] {
  const path = ['conditions', index];
  if ((condition.above === undefined) === (condition.below === undefined))
    return [{ path, message: 'expected either above or below' }];
  const { limit, sign } = limitOf(condition);
  const crossed = condition.clear !== undefined && sign * (condition.clear - limit) > 0;
  return crossed ? [{ path: [...path, 'clear'], message: 'expected it to lie on the calm side of the limit' }] : [];
}
