/** The verdicts for machines: everything that was measured. */
import { runAsJson } from '../verify/run-json.ts';
import type { Verdict } from '../verify/subject.ts';
import { JSON_SCHEMA } from './json.ts';

export interface VerifyJson {
  readonly version: string;
  readonly engine: string | undefined;
  readonly verdicts: readonly Verdict[];
  /** Dockerfiles that could not be rewritten at all. */
  readonly failed: readonly { readonly path: string; readonly why: string }[];
  readonly notes: readonly string[];
  readonly exitCode: number;
}

/** Sizes in bytes, times in seconds, paths of images relative to their context. */
export function verifyJson({ version, engine, verdicts, failed, notes, exitCode }: VerifyJson): string {
  const images = verdicts.map(({ name, run, ...rest }) => ({ path: name, ...rest, run: run && runAsJson(run) }));
  return `${JSON.stringify({ schema: JSON_SCHEMA, version, engine, images, failed, notes, exitCode }, undefined, 2)}\n`;
}
