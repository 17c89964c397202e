/** A map that forgets the entries that were made or asked for longest ago, so that memory does not grow with the number of files. */
export class Recent<V> {
  readonly #limit: number;
  readonly #map = new Map<string, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is kept; undefined: nothing is, or that is the answer. */
  known(key: string): V | undefined {
    return this.#map.get(key);
  }

  get(key: string, make: () => V): V {
    const known = this.#map.get(key);
    if (known !== undefined || this.#map.has(key)) return known as V;
    const value = make();
    if (this.#map.size >= this.#limit) this.#map.delete(this.#map.keys().next().value as string);
    this.#map.set(key, value);
    return value;
  }

  /** Asked for once more: it is forgotten later. */
  renew(key: string): void {
    const value = this.#map.get(key);
    if (value !== undefined && this.#map.delete(key)) this.#map.set(key, value);
  }

  clear(): void {
    this.#map.clear();
  }
}
