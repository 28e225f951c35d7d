import type { AlertKind, Severity } from '../alert.ts';
import type { CapSeverity, CapUrgency } from '../cap/cap-notice.ts';

/** CAP 1.2 §3.2.2: the ones that we have something of. */
type CapCategory = 'Met' | 'Transport' | 'Safety' | 'Security' | 'Rescue' | 'Infra' | 'Other';

interface KindWords {
  readonly category: CapCategory;
  readonly zh: string;
  readonly en: string;
}

const kindWords: Readonly<Record<AlertKind, KindWords>> = {
  'person-on-road': { category: 'Transport', zh: '行人上路', en: 'Pedestrian on the road' },
  'person-in-zone': { category: 'Security', zh: '人员进入区域', en: 'Person in a zone' },
  animal: { category: 'Transport', zh: '动物上路', en: 'Animal on the road' },
  'two-wheeler': { category: 'Transport', zh: '两轮车', en: 'Two-wheeler' },
  'vehicle-in-zone': { category: 'Security', zh: '车辆进入区域', en: 'Vehicle in a zone' },
  'line-crossed': { category: 'Security', zh: '越线', en: 'Line crossed' },
  'vehicle-stopped': { category: 'Transport', zh: '车辆停驶', en: 'Stopped vehicle' },
  'wrong-way': { category: 'Transport', zh: '逆行', en: 'Wrong-way driver' },
  crowd: { category: 'Safety', zh: '人群聚集', en: 'Crowd' },
  'object-left': { category: 'Transport', zh: '遗留物', en: 'Object left behind' },
  'low-visibility': { category: 'Met', zh: '低能见度', en: 'Low visibility' },
  ice: { category: 'Met', zh: '道路结冰', en: 'Road ice' },
  'strong-wind': { category: 'Met', zh: '大风', en: 'Strong wind' },
  measurement: { category: 'Infra', zh: '测值异常', en: 'Measurement out of range' },
  'sensor-fault': { category: 'Infra', zh: '传感器故障', en: 'Sensor fault' },
  sos: { category: 'Rescue', zh: '求救', en: 'SOS' },
  report: { category: 'Other', zh: '上报', en: 'Report' },
  'camera-fault': { category: 'Infra', zh: '摄像机故障', en: 'Camera fault' },
  'weather-warning': { category: 'Met', zh: '气象预警', en: 'Weather warning' },
};

const severityWords: Readonly<Record<Severity, { readonly severity: CapSeverity; readonly urgency: CapUrgency }>> = {
  critical: { severity: 'Extreme', urgency: 'Immediate' },
  major: { severity: 'Severe', urgency: 'Immediate' },
  minor: { severity: 'Moderate', urgency: 'Expected' },
  info: { severity: 'Minor', urgency: 'Unknown' },
};

/** An alert's kind and severity in the words of CAP. */
export function capWords(kind: AlertKind, severity: Severity) {
  return { ...kindWords[kind], ...severityWords[severity] };
}
