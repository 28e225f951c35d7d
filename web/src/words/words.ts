import { createI18n, useI18n } from 'vue-i18n';
import type { Incident } from '../api/incident-shapes.ts';
import type { Alert, RoadPlace } from '../api/shapes.ts';
import { en } from './en.ts';
import { type MessageKey, type Messages, zhCn } from './zh-cn.ts';

export type Locale = 'zh-CN' | 'en';

const remembered = 'tianliang.locale';

/** Chinese unless this browser has chosen otherwise before. */
export function createWords() {
  const locale: Locale = localStorage.getItem(remembered) === 'en' ? 'en' : 'zh-CN';
  document.documentElement.lang = locale;
  return createI18n<[Messages], Locale, false>({
    legacy: false,
    locale,
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': zhCn, en },
  });
}

/** Texts with checked keys, and the sentences that more than one component says. */
export function useWords() {
  const { t: translate, te, locale } = useI18n();
  const t = (key: MessageKey, values: Record<string, unknown> = {}) => translate(key, values);

  const setLocale = (next: Locale) => {
    locale.value = next;
    document.documentElement.lang = next;
    localStorage.setItem(remembered, next);
  };

  /** The server's title is Chinese; other languages name the kind. */
  const titleOf = (alert: Pick<Alert, 'kind' | 'title'>) => {
    const key = `kind.${alert.kind}`;
    return locale.value === 'zh-CN' || !te(key) ? alert.title : translate(key);
  };

  /** What people have reported stays in their own words. */
  const incidentTitleOf = (incident: Pick<Incident, 'kind' | 'title' | 'source'>) =>
    incident.source === 'alert' ? titleOf(incident) : incident.title;

  const sideOf = (place: RoadPlace) => (place.carriageway ? t(`carriageway.${place.carriageway}`) : '');

  const placeOf = (place: RoadPlace) => {
    if (place.stake) return `${place.stake} ${sideOf(place)}`.trim();
    return place.position ? `${place.position.lat.toFixed(4)}, ${place.position.lon.toFixed(4)}` : '';
  };

  return { t, locale, setLocale, titleOf, incidentTitleOf, sideOf, placeOf };
}
