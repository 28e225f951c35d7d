/** Words of an incident's plan. */
export const planZhCn = {
  title: '预案',
  done: '{done} / {all}',
  automatic: '自动',
  waiting: '待执行',
  started: '执行中',
  failed: '未成：{why}',
  by: '{name} {time}',
  units: '已派足',
  unread: '预案未能取到',
  unticked: '未记上',
};
