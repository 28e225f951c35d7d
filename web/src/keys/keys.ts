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

/** Listens for single keys until the component leaves. Escape works in fields too. */
export function useKeys(map: KeyMap): void {
  const onKey = (event: KeyboardEvent) => {
    if (isTyping(event) && event.key !== 'Escape') return;
    const action = map[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    if (event.key !== 'Escape') event.preventDefault();
    action();
  };
  onMounted(() => window.addEventListener('keydown', onKey));
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey));
}
