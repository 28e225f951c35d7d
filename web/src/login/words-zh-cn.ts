/** 登录的第二步、统一登录和动态码的设置。 */
export const loginZhCn = {
  code: '动态码或恢复码',
  wrongCode: '动态码不对或已用过，等下一个',
  other: '{name}登录',
  otherDown: '{name}登录暂不可用，请用密码',
  refused: '统一登录未完成',
  noRole: '你所在的组在这里没有角色',
  disabled: '账号不可用',
  enrol: '设置动态码',
  required: '你的角色须先设置动态码',
  scan: '用验证器扫描，再输入六位动态码',
  secret: '密钥',
  confirm: '确认',
  recovery: '恢复码：每个只用一次，只显示这一次，请抄下',
  done: '已抄下，继续',
  set: '动态码已启用；重置须由另一位管理员进行',
  back: '返回',
};
