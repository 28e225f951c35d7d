import type { Messages } from './zh-cn.ts';

export const calibrateEn: Messages['calibrate'] = {
  title: 'Calibrate a picture',
  picture: 'Picture',
  pairs: 'Pairs',
  pair: 'No.',
  off: 'Off by',
  pickPicture: 'Click a point of the ground in the picture',
  pickMap: 'Click the same point on the map',
  few: '{count} more pairs to go',
  worst: 'off by at most {meters} m',
  suspect: 'without pair {pair} the others agree far better',
  remove: 'Remove',
  clear: 'Clear',
  copy: 'Copy for cameras.yaml',
  again: 'Take it again',
  noPicture: 'No picture could be taken',
  fault: {
    few: 'fewer than 4 pairs',
    numbers: 'not a number',
    repeated: 'two pairs are the same point',
    line: 'the points lie on one line: take some beside it',
    horizon: 'one pair lies above the horizon',
    exchanged: 'two pairs may have been exchanged',
    mirrored: 'left and right are exchanged',
    disagree: 'the pairs contradict each other',
  },
};
