/** What is known of an entity besides its state. */
export interface KnownAttributes {
  readonly unit?: string;
  readonly deviceClass?: string;
}

const mostEntities = 5_000;
const nothing: KnownAttributes = {};

/** What Home Assistant says of its entities on topics of their own; it outlives a change of the configuration. */
export class EntityAttributes {
  readonly #known = new Map<string, KnownAttributes>();

  of(entity: string): KnownAttributes {
    return this.#known.get(entity) ?? nothing;
  }

  /** Of more entities than anybody has, the one noted first is forgotten. */
  note(entity: string, attributes: KnownAttributes): void {
    this.#known.set(entity, { ...this.#known.get(entity), ...attributes });
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostEntities && oldest !== undefined) this.#known.delete(oldest);
  }
}
