import type { Colours } from './colours.ts';

/** As the page has them now. */
export function readColours(element: Element = document.documentElement): Colours {
  const style = getComputedStyle(element);
  return (token) => style.getPropertyValue(`--${token}`).trim();
}
