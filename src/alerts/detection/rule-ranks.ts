import type { AlertKind, Severity } from '../alert.ts';
import { type Family, familyOf } from './labels.ts';
import type { RuleChoice } from './rules/standing-rule.ts';

type RuleName = RuleChoice['rule'];

const presenceKinds: Readonly<Record<Family, AlertKind>> = {
  person: 'person-on-road',
  animal: 'animal',
  'two-wheeler': 'two-wheeler',
  vehicle: 'vehicle-in-zone',
  thing: 'object-left',
};

/** `family` is of whom a `presence` is about. */
export function kindOf(rule: RuleName, isOnRoad: boolean, family: Family = 'person'): AlertKind {
  switch (rule) {
    case 'presence':
      return family === 'person' && !isOnRoad ? 'person-in-zone' : presenceKinds[family];
    case 'stopped':
      return 'vehicle-stopped';
    case 'wrong-way':
    case 'wrong-way-line':
      return 'wrong-way';
    case 'crossing':
      return 'line-crossed';
    case 'crowd':
    case 'object-left':
      return rule;
  }
}

/** By what it may cost in the next minute. */
const onRoad: Readonly<Record<Family, Severity>> = {
  person: 'critical',
  animal: 'major',
  'two-wheeler': 'major',
  vehicle: 'minor',
  thing: 'major',
};

/** As a duty officer would rank it, by the rule and who is to blame. */
export function severityOf(rule: RuleName, isOnRoad: boolean, label: string): Severity {
  switch (rule) {
    case 'wrong-way':
    case 'wrong-way-line':
      return 'critical';
    case 'crowd':
      return 'major';
    case 'stopped':
    case 'object-left':
      return isOnRoad ? 'major' : 'minor';
    case 'presence':
    case 'crossing': {
      const family = familyOf(label);
      if (isOnRoad) return onRoad[family];
      return family === 'person' ? 'major' : 'minor';
    }
  }
}
