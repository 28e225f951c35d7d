import { isJam, jamTitle } from '../jam.ts';
import { familyOf } from './labels.ts';
import type { Offence } from './rules/rule-event.ts';
import type { RuleChoice } from './rules/standing-rule.ts';
import { lineName, zoneName } from './zone.ts';

const objectWords: ReadonlyMap<string, string> = new Map([
  ['person', '行人'],
  ['bicycle', '自行车'],
  ['motorcycle', '摩托车'],
  ['car', '车辆'],
  ['bus', '客车'],
  ['truck', '货车'],
  ['cat', '动物（猫）'],
  ['dog', '动物（犬）'],
  ['horse', '动物（马）'],
  ['sheep', '动物（羊）'],
  ['cow', '动物（牛）'],
  ['backpack', '背包'],
  ['handbag', '手提包'],
  ['suitcase', '行李箱'],
]);

/** What people call what a model calls `label`. */
export function objectWord(label: string): string {
  return objectWords.get(label) ?? label;
}

/** What a seat reads first: who does what, and where. */
export function titleOf(choice: RuleChoice, { track, tracks, count = tracks.length }: Offence): string {
  const who = objectWord(track.label);
  switch (choice.rule) {
    case 'presence':
      return `${who}进入${zoneName(choice.policy.zone)}`;
    case 'stopped': {
      const name = zoneName(choice.policy.zone);
      return isJam({ kind: 'vehicle-stopped', count }) ? jamTitle(name, count) : `${who}停在${name}`;
    }
    case 'wrong-way':
      return `${who}在${zoneName(choice.policy.zone)}逆行`;
    case 'object-left':
      return `${zoneName(choice.policy.zone)}有遗留物（${who}）`;
    case 'crowd':
      return `${zoneName(choice.policy.zone)}聚集 ${count} ${familyOf(track.label) === 'person' ? '人' : '个'}`;
    case 'crossing':
      return `${who}越过${lineName(choice.policy.line)}`;
    case 'wrong-way-line':
      return `${who}逆行越过${lineName(choice.policy.line)}`;
  }
}
