import type { sightZhCn } from './sight-zh-cn.ts';

export const sightEn: typeof sightZhCn = {
  blind: 'Cannot see',
  blindOf: 'Cannot see {count}',
  none: 'Every camera can see',
  since: '{why} for {age}',
  meters: 'sees {value} only',
  clockAhead: 'clock {age} ahead',
  clockBehind: 'clock {age} behind',
  relearn: 'This is the new view',
  relearnt: 'Taken as the new view',
  refused: 'Not taken as the new view',
  why: {
    black: 'black picture',
    frozen: 'picture frozen',
    covered: 'lens covered',
    blurred: 'picture blurred',
    moved: 'camera moved',
    clock: 'clock wrong',
    fog: 'fog',
    night: 'dark at night',
  },
};
