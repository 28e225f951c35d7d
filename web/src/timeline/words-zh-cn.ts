/** Words of the strip under the wall: half an hour back, ten minutes ahead. */
export const timelineZhCn = {
  label: '时间轴',
  alerts: '警情',
  handling: '处置',
  none: '无在办事件',
  take: '受理限 {time}',
  handle: '处置限 {time}',
  report: '反馈限 {time}',
  more: '{title} 等 {count} 条',
  step: '{unit} {step}',
};
