import type { Alert } from '../api/shapes.ts';
import { useWords } from '../words/words.ts';
import { useAreaName } from './roads-key.ts';
import { whereText } from './where-text.ts';

export function useWhere(): (alert: Alert) => string {
  const { placeOf } = useWords();
  const areaName = useAreaName();
  return (alert) => whereText(alert, { placeOf, areaName });
}
