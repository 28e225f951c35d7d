// Controls (CR, LF, ESC of ANSI sequences), line and paragraph separators, direction marks, lone halves of surrogates.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text of a stranger made safe for a log, a ledger row or a terminal: one line, what it hides made visible, cut at `limit`. */
export function printable(text: string, limit = 128): string {
  const shown = text.replace(unprintable, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
  return shown.length > limit ? `${shown.slice(0, limit)}…` : shown;
}
