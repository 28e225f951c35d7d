import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const validMs = 6 * 3_600_000;

/** North of the road around K1430, all of it in the western area. */
const outline = [
  [27.2985, 105.262],
  [27.2998, 105.2555],
  [27.3085, 105.2525],
  [27.3205, 105.257],
  [27.327, 105.2705],
  [27.3235, 105.2865],
  [27.3135, 105.2955],
  [27.304, 105.2985],
  [27.296, 105.2905],
  [27.2925, 105.2755],
  [27.2985, 105.262],
] as const;

/** A fog warning in force from now on, as a weather office writes it (CAP 1.2); the same one at every start. */
export function fogWarning(now: Date): string {
  const at = time(now);
  return `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>demo-fog</identifier>
  <sender>demo@tianliang.invalid</sender>
  <sent>${at}</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>zh-CN</language>
    <category>Met</category>
    <event>大雾</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Observed</certainty>
    <onset>${at}</onset>
    <expires>${time(new Date(now.getTime() + validMs))}</expires>
    <senderName>演示气象台</senderName>
    <headline>演示气象台发布大雾橙色预警信号</headline>
    <area>
      <areaDesc>K1428 至 K1433</areaDesc>
      <polygon>${outline.map((pair) => pair.join(',')).join(' ')}</polygon>
    </area>
  </info>
</alert>
`;
}

/** Writes the warning below the demo's data; its times are those of the start. */
export async function writeFogWarning(data: string): Promise<string> {
  const file = join(data, 'warnings.xml');
  await mkdir(data, { recursive: true });
  await writeFile(file, fogWarning(new Date()));
  return file;
}

/** CAP writes the zone as an offset, never as Z. */
const time = (at: Date) => `${new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
