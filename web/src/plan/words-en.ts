import type { Messages } from '../words/zh-cn.ts';

export const planEn: Messages['plan'] = {
  title: 'Plan',
  done: '{done} of {all}',
  automatic: 'automatic',
  waiting: 'to come',
  started: 'under way',
  failed: 'failed: {why}',
  by: '{name} {time}',
  units: 'units are sent',
  unread: 'The plan could not be had',
  unticked: 'Not noted',
};
