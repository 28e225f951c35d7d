import type { Unit } from '../api/shapes.ts';
import { ageText } from '../words/figures.ts';
import type { MessageKey } from '../words/zh-cn.ts';

export interface NoteWords {
  readonly t: (key: MessageKey, values?: Record<string, unknown>) => string;
  readonly areaName: (id: string) => string;
  /** Milliseconds. */
  readonly now: number;
}

/** What there is to say of a unit besides its status and its place, the most pressing first. */
export function unitNotes({ ptt, unread, receipt, fences = [] }: Unit, { t, areaName, now }: NoteWords): string[] {
  const names = fences.map(areaName).join(t('unit.and'));
  const state = receipt && t(`unit.receiptState.${receipt.state}`);
  return [
    ...(ptt ? [t('unit.talking')] : []),
    ...(unread ? [t('unit.unread', { count: unread })] : []),
    ...(receipt ? [t('unit.receipt', { state, age: ageText(now - Date.parse(receipt.at)) })] : []),
    ...(names ? [t('unit.inside', { names })] : []),
  ];
}

/** What a terminal says of its radio: a level under zero is dBm. */
export function radioNotes({ channel, signal }: Unit, { t }: Pick<NoteWords, 't'>): string[] {
  return [
    ...(channel === undefined ? [] : [t('unit.channel', { name: channel })]),
    ...(signal === undefined ? [] : [t('unit.signal', { value: signal < 0 ? `${signal} dBm` : `${signal} %` })]),
  ];
}
