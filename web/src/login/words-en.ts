import type { loginZhCn } from './words-zh-cn.ts';

export const loginEn: Record<keyof typeof loginZhCn, string> = {
  code: 'Code of the app, or a recovery code',
  wrongCode: 'The code is wrong or was used already; wait for the next one',
  other: 'Log in by {name}',
  otherDown: '{name} cannot be reached, use the password',
  refused: 'The login was not completed',
  noRole: 'None of your groups has a role here',
  disabled: 'The account cannot be used',
  enrol: 'Set up the second factor',
  required: 'Your role needs a second factor first',
  scan: 'Scan it with an authenticator app, then type the six digits',
  secret: 'Secret',
  confirm: 'Confirm',
  recovery: 'Recovery codes: each works once, shown this once only, write them down',
  done: 'Written down, go on',
  set: 'The second factor is on; another admin can reset it',
  back: 'Back',
};
