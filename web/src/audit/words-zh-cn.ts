export const auditZhCn = {
  title: '留痕',
  checking: '正在核对留痕',
  intact: '{rows} 行完好，{heads} 个签名对得上',
  broken: '第 {row} 行不对：{problem}',
  brokenHeads: '签名文件第 {line} 行不对：{problem}',
  failed: '留痕未能取到',
  older: '更早',
  watched: '本周未关联事件的观看',
  nothingWatched: '本周没有未关联事件的观看',
  times: '{times} 次，{seconds} s',
  columns: { at: '时间', who: '谁', what: '做了什么', object: '对象', result: '结果' },
};
