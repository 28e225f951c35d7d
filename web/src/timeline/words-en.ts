import type { Messages } from '../words/zh-cn.ts';

export const timelineEn: Messages['timeline'] = {
  label: 'Timeline',
  alerts: 'Alerts',
  handling: 'Handling',
  none: 'Nothing is being handled',
  take: 'take by {time}',
  handle: 'handle by {time}',
  report: 'report by {time}',
  more: '{title} and others, {count} in all',
  step: '{unit} {step}',
};
