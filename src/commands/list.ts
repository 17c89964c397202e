/** `redock list`: every transform in one line, and its options. */
import type { Transform } from '../transform.ts';
import type { Io } from './io.ts';

/** Prints the transforms in the order in which they run. */
export function list(transforms: readonly Transform[], io: Io): number {
  const paint = io.paintOut ?? io.plain;
  const width = Math.max(0, ...transforms.map(({ name }) => name.length));
  for (const { name, summary, options } of transforms) {
    io.out.write(`${paint.bold(name.padEnd(width))}  ${summary}\n`);
    for (const [key, spec] of Object.entries(options)) {
      io.out.write(paint.dim(`${' '.repeat(width)}  --set ${name}.${key}=${spec.default}  ${spec.help}\n`));
    }
  }
  return 0;
}
