import type { Position } from '../../alert.ts';
import { type CrowdPolicy, judgeCrowd, noCrowd } from './crowd.ts';
import { judgeLine, type LinePolicy, nobodyCrossed } from './line-crossing.ts';
import { judgeObjectLeft, nothingLeft } from './object-left.ts';
import type { RuleEvent, Step, Verdict } from './rule-event.ts';
import type { Picture, ZonePolicy } from './rule-policy.ts';
import { type Force, type Schedule, scheduleAt } from './schedule.ts';
import { judgeStopped, nobodyStopped } from './stopped-vehicle.ts';
import { allRightWay, judgeWrongWay, type WrongWayPolicy } from './wrong-way.ts';
import { emptyZone, judgeZone } from './zone-rule.ts';

/** Which rule looks, and at what. */
export type RuleChoice =
  | { readonly rule: 'presence' | 'stopped' | 'object-left'; readonly policy: ZonePolicy }
  | { readonly rule: 'crowd'; readonly policy: CrowdPolicy }
  | { readonly rule: 'wrong-way'; readonly policy: WrongWayPolicy }
  | { readonly rule: 'crossing' | 'wrong-way-line'; readonly policy: LinePolicy };

/** A rule with its memory: every look at a picture gives its verdict and the rule as it stands afterwards. */
export interface StandingRule {
  readonly event: RuleEvent;
  look(picture: Picture): { readonly verdict: Verdict; readonly next: StandingRule };
}

/** The rule before its first picture; `event` is what was going on under it when it was changed. */
export function standingRule(choice: RuleChoice, event: RuleEvent = {}): StandingRule {
  switch (choice.rule) {
    case 'presence':
      return standing((state, picture) => judgeZone(choice.policy, state, picture), { ...emptyZone, event });
    case 'stopped':
      return standing((state, picture) => judgeStopped(choice.policy, state, picture), { ...nobodyStopped, event });
    case 'object-left':
      return standing((state, picture) => judgeObjectLeft(choice.policy, state, picture), { ...nothingLeft, event });
    case 'crowd':
      return standing((state, picture) => judgeCrowd(choice.policy, state, picture), { ...noCrowd, event });
    case 'wrong-way':
      return standing((state, picture) => judgeWrongWay(choice.policy, state, picture), { ...allRightWay, event });
    case 'crossing':
    case 'wrong-way-line':
      return standing((state, picture) => judgeLine(choice.policy, state, picture), { ...nobodyCrossed, event });
  }
}

function standing<State extends { readonly event: RuleEvent }>(
  judge: (state: State, picture: Picture) => Step<State>,
  state: State,
): StandingRule {
  return {
    event: state.event,
    look: (picture) => {
      const step = judge(state, picture);
      return { verdict: step.verdict, next: standing(judge, step.state) };
    },
  };
}

/** The same rule, blind while its schedule is not in force; what it says carries the schedule among its reasons. */
export function scheduledRule(rule: StandingRule, schedule: Schedule, place: Position): StandingRule {
  return within(rule, scheduleAt(schedule, place));
}

function within(rule: StandingRule, forceAt: (at: Date) => Force): StandingRule {
  return {
    event: rule.event,
    look: (picture) => {
      const { isInForce, reason } = forceAt(new Date(picture.at));
      const { verdict, next } = rule.look(isInForce ? picture : { ...picture, tracks: [] });
      const isReasoned = verdict.type === 'begin' || verdict.type === 'continue';
      return {
        verdict: isReasoned ? { ...verdict, reasons: [...verdict.reasons, reason] } : verdict,
        next: within(next, forceAt),
      };
    },
  };
}
