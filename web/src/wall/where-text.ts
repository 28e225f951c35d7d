import type { Alert } from '../api/shapes.ts';

interface Names {
  readonly placeOf: (alert: Alert) => string;
  readonly areaName: (id: string) => string;
}

/** Where an alert is, in words: off the road its area says more than a pair of numbers, and fits. */
export function whereText(alert: Alert, { placeOf, areaName }: Names): string {
  return alert.stake || alert.area === undefined ? placeOf(alert) : areaName(alert.area);
}
