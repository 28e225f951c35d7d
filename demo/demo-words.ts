export interface DemoFacts {
  readonly url: string;
  /** Printed only when it was made up here. */
  readonly password: string | undefined;
  readonly mqttPort: number;
  readonly logFile: string;
  readonly discoverable: boolean;
}

/** What a newcomer needs to know, once everything runs. */
export function welcome({ url, password, mqttPort, logFile, discoverable }: DemoFacts): string {
  const lines = [
    '',
    '  天亮 · Tianliang',
    '',
    `  打开 open        ${url}`,
    '  账号 accounts    seat  patrol  engineer  reviewer  admin',
    `  口令 password    ${password ?? '(TIANLIANG_DEMO_PASSWORD)'}`,
    '',
    '  接下来一分钟内，无需操作：',
    '    K1432+900 起雾，能见度跌破 200 米；K1432+120 有行人走上应急车道；巡逻车在移动。',
    '  Within a minute, with nobody touching anything:',
    '    fog falls under 200 m at K1432+900, a pedestrian walks onto the hard shoulder at K1432+120, patrols move.',
    '',
    `  MQTT 127.0.0.1:${mqttPort}   日志 log ${logFile}`,
    ...(discoverable
      ? []
      : ['  UDP 3702 被占用，摄像机无法被发现 · UDP 3702 is taken: the cameras cannot be discovered']),
    '  Ctrl-C 结束 · ends everything',
    '',
  ];
  return lines.join('\n');
}
