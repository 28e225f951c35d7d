interface Node<T> {
  readonly children: Map<string, Node<T>>;
  any: Node<T> | undefined;
  /** What ends here, and what ends here or goes on in any way. */
  exact: Ranked<T> | undefined;
  rest: Ranked<T> | undefined;
}

interface Ranked<T> {
  readonly rank: number;
  readonly value: T;
}

/** Topic filters compiled into levels, so that a topic is looked up once however many there are; the first added wins. */
export class TopicTrie<T> {
  readonly #root: Node<T> = emptyNode();
  #size = 0;

  add(filter: readonly string[], value: T): void {
    const ranked = { rank: this.#size, value };
    this.#size += 1;
    const open = filter.at(-1) === '#';
    let node = this.#root;
    for (const level of open ? filter.slice(0, -1) : filter) node = childOf(node, level);
    if (open) node.rest ??= ranked;
    else node.exact ??= ranked;
  }

  /** A wildcard does not stand for a first level that begins with `$` (MQTT 3.1.1 §4.7.2). */
  find(levels: readonly string[]): T | undefined {
    const node = this.#root;
    if (!levels[0]?.startsWith('$')) return walk(node, levels, 0)?.value;
    const child = node.children.get(levels[0]);
    return child && walk(child, levels, 1)?.value;
  }
}

function emptyNode<T>(): Node<T> {
  return { children: new Map(), any: undefined, exact: undefined, rest: undefined };
}

function childOf<T>(node: Node<T>, level: string): Node<T> {
  if (level === '+') {
    node.any ??= emptyNode();
    return node.any;
  }
  const child = node.children.get(level) ?? emptyNode<T>();
  node.children.set(level, child);
  return child;
}

function walk<T>(node: Node<T>, levels: readonly string[], depth: number): Ranked<T> | undefined {
  const level = levels[depth];
  if (level === undefined) return firstOf(node.exact, node.rest);
  const { children, any, rest } = node;
  const named = children.size > 0 ? children.get(level) : undefined;
  const below = named && walk(named, levels, depth + 1);
  return firstOf(any ? firstOf(below, walk(any, levels, depth + 1)) : below, rest);
}

function firstOf<T>(one: Ranked<T> | undefined, other: Ranked<T> | undefined): Ranked<T> | undefined {
  if (!one || !other) return one ?? other;
  return one.rank < other.rank ? one : other;
}
