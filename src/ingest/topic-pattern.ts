import { isCleanTopic } from './mqtt-text.ts';

/** A topic as an engineer writes it: `plant/{device}/env`. A `{name}` is any one level, so is `+`; a last `#` is any rest. */
export interface TopicPattern {
  readonly text: string;
  /** Each `{name}` a `+`: what a broker is asked for. */
  readonly levels: readonly string[];
  /** At which level each name stands. */
  readonly names: ReadonlyMap<string, number>;
}

const namedLevel = /^\{([a-z][A-Za-z0-9]{0,31})\}$/;

/** Reads a pattern; the sentence says what is wrong with it. */
export function readTopicPattern(text: string): TopicPattern | { readonly wrong: string } {
  const written = text.split('/');
  const wrong = patternFault(text, written);
  if (wrong !== undefined) return { wrong };
  const named = written.flatMap((level, index) => {
    const name = namedLevel.exec(level)?.[1];
    return name === undefined ? [] : [[name, index] as const];
  });
  const names = new Map(named);
  if (names.size < named.length) return { wrong: 'expected each {name} once' };
  return { text, levels: written.map((level) => (namedLevel.test(level) ? '+' : level)), names };
}

/** A pattern of the program's own. */
export function topicPattern(text: string): TopicPattern {
  const pattern = readTopicPattern(text);
  if ('wrong' in pattern) throw new Error(`${text}: ${pattern.wrong}`);
  return pattern;
}

export function filterOf({ levels }: TopicPattern): string {
  return levels.join('/');
}

/** The level a name stands for; undefined when the pattern has no such name. */
export function levelNamed({ names }: TopicPattern, name: string, levels: readonly string[]): string | undefined {
  const index = names.get(name);
  return index === undefined ? undefined : levels[index];
}

/** Whether every topic of the filter `inner` is one of the filter `outer` too. */
export function covers(outer: readonly string[], inner: readonly string[]): boolean {
  if (outer.at(-1) !== '#')
    return outer.length === inner.length && inner.every((level, i) => isWithin(outer[i], level));
  const fixed = outer.slice(0, -1);
  return fixed.length <= inner.length && fixed.every((level, i) => isWithin(level, inner[i] ?? ''));
}

function isWithin(outer: string | undefined, inner: string): boolean {
  return outer === inner || (outer === '+' && inner !== '#');
}

function patternFault(text: string, levels: readonly string[]): string | undefined {
  if (!isCleanTopic(text)) return 'expected at most 16 levels and 512 letters, no control characters';
  if (levels[0]?.startsWith('$')) return 'expected a topic without a leading $: those belong to the broker';
  if (levels.slice(0, -1).includes('#')) return 'expected # as the last level only';
  const odd = levels.find((level) => level.length > 1 && /[+#{}]/.test(level) && !namedLevel.test(level));
  return odd === undefined ? undefined : 'expected +, # or a {name} like {station} to be a whole level';
}
