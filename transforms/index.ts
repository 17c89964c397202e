/** Every transform. THE ORDER IS THE ARRAY: structure, base, pins, content, runtime, neighbours. */
import type { Transform } from '../src/transform.ts';

export const transforms: readonly Transform[] = [];
