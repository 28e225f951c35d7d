import type { auditZhCn } from './words-zh-cn.ts';

export const auditEn: typeof auditZhCn = {
  title: 'Ledger',
  checking: 'Checking the ledger',
  intact: '{rows} rows intact, {heads} signatures hold',
  broken: 'Row {row} is wrong: {problem}',
  brokenHeads: 'Line {line} of the signatures is wrong: {problem}',
  failed: 'The ledger could not be read',
  older: 'Older',
  watched: 'Watched without an incident this week',
  nothingWatched: 'Nobody watched without an incident this week',
  times: '{times} times, {seconds} s',
  columns: { at: 'When', who: 'Who', what: 'What', object: 'On what', result: 'Result' },
};
