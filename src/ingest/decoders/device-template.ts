import { levelNamed, type TopicPattern } from '../topic-pattern.ts';

const slot = /\{([^{}]*)\}/g;
const idPart = /^[A-Za-z0-9_.-]*$/;

/** What is wrong with a `device:` like `wx-{station}` on that topic, as a sentence. */
export function deviceTemplateFault(template: string, { names, text }: TopicPattern): string | undefined {
  const unknown = [...template.matchAll(slot)].map(([, name = '']) => name).find((name) => !names.has(name));
  if (unknown !== undefined) return `expected a name that stands in ${text}; {${unknown}} does not`;
  const rest = template.replaceAll(slot, '');
  return idPart.test(rest) ? undefined : 'expected letters, digits, "_", "." and "-", and {name} of the topic';
}

/** The device a topic speaks of, by that template; without one it is the level `{device}`. */
export function fillTemplate(template: string | undefined, pattern: TopicPattern, levels: readonly string[]): string {
  if (template === undefined) return levelNamed(pattern, 'device', levels) ?? '';
  if (!template.includes('{')) return template;
  return template.replaceAll(slot, (_, name: string) => levelNamed(pattern, name, levels) ?? '');
}
