/** The tokens as values, for what is painted and not styled. */
export type Colours = (token: string) => string;

export function readColours(element: Element = document.documentElement): Colours {
  const style = getComputedStyle(element);
  return (token) => style.getPropertyValue(`--${token}`).trim();
}
