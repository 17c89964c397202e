/** A map that forgets the entries that were made longest ago, so that memory does not grow with the number of files. */
export class Recent<V> {
  readonly #limit: number;
  readonly #weigh: (value: V) => number;
  readonly #map = new Map<string, V>();
  #weight = 0;

  /** `limit`: of all entries together; each weighs one, or what `weigh` says. One that is heavier than that is kept alone. */
  constructor(limit: number, weigh: (value: V) => number = () => 1) {
    this.#limit = limit;
    this.#weigh = weigh;
  }

  /** What is kept; undefined: nothing is, or that is the answer. */
  known(key: string): V | undefined {
    return this.#map.get(key);
  }

  get(key: string, make: () => V): V {
    const known = this.#map.get(key);
    if (known !== undefined || this.#map.has(key)) return known as V;
    const value = make();
    this.#weight += this.#weigh(value);
    for (const [oldest, old] of this.#map) {
      if (this.#weight <= this.#limit) break;
      this.#map.delete(oldest);
      this.#weight -= this.#weigh(old);
    }
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
    this.#weight = 0;
  }
}
