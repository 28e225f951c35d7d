import { onBeforeUnmount, onMounted } from 'vue';

/** What a key does while its component is on the page; `Escape`, `/` and `?` keep their own names, letters are lower case. */
export type KeyMap = Readonly<Record<string, (() => unknown) | undefined>>;

/** True while letters belong to a field, an input method or a shortcut of the browser. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

/** What is chosen already is chosen no more by another Enter: that one is for the main button. */
function isPressable(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || !['BUTTON', 'A', 'SUMMARY'].includes(target.tagName)) return false;
  return target.ariaCurrent !== 'true' && target.ariaSelected !== 'true';
}

/** What the key does here; undefined while it belongs to somebody else. */
function actionOf(map: KeyMap, event: KeyboardEvent): (() => unknown) | undefined {
  if (isTyping(event) && event.key !== 'Escape') return undefined;
  // A button in focus answers to Enter by itself.
  if (event.key === 'Enter' && isPressable(event.target)) return undefined;
  return map[event.key.length === 1 ? event.key.toLowerCase() : event.key];
}

/** Listens for single keys until the component leaves. Escape works in fields too. */
export function useKeys(map: KeyMap): void {
  const onKey = (event: KeyboardEvent) => {
    const action = actionOf(map, event);
    if (!action) return;
    if (event.key !== 'Escape') event.preventDefault();
    action();
  };
  onMounted(() => window.addEventListener('keydown', onKey));
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey));
}
