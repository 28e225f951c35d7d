/** The red, green and blue of #rrggbb or #rgb, which a minifier makes of it. */
function channels(hex: string): number[] {
  const long = hex.length === 4 ? hex.replaceAll(/[\da-f]/gi, '$&$&') : hex;
  return [1, 3, 5].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
}

/** So much of `over` laid on `under`: an opaque colour, which a processor draws in a third of the time. */
export function mixed(under: string, over: string, share: number): string {
  const top = channels(over);
  const sum = channels(under).map((value, index) => Math.round(value + ((top[index] ?? value) - value) * share));
  return `#${sum.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
