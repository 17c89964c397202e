/**
 * What a build prints. BuildKit with `--progress=plain` (the same since Docker 19.03):
 *
 *     #7 [builder 3/5] RUN npm ci
 *     #7 0.412 npm error code EUSAGE
 *     #7 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1
 *     Dockerfile:5
 *     --------------------
 *        5 | >>> RUN npm ci
 *     --------------------
 *     ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1
 *
 * buildah and podman: `STEP 3/5: RUN npm ci`, with several stages `[1/2] STEP 3/5: RUN npm ci`.
 */
import type { BuildFailure } from '../engine.ts';

/** Lines of output that are kept of a failing step. */
const OUTPUT_LINES = 60;

/** The step that a line begins, as people know it; undefined: it begins none. */
export function stepOf(line: string): string | undefined {
  return /^#\d+ (\[(?!internal\]).*)$/.exec(line)?.[1] ?? /^((?:\[\d+\/\d+\] )?STEP \d+\/\d+: .*)$/.exec(line)?.[1];
}

/** Why a build failed, from all that it printed. */
export function failureOf(log: string): BuildFailure {
  const lines = log.split(/\r?\n/);
  return buildkitFailure(lines) ?? stepFailure(lines);
}

/** `ERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1` and what older ones write. */
function messageOf(lines: readonly string[]): string {
  const last = lines.findLast((line) =>
    /^(?:ERROR|Error|error)\b|^failed to solve|^executor failed|dockerfile parse error/.test(line),
  );
  const text = last ?? lines.findLast((line) => line.trim() !== '') ?? 'the build failed without a word';
  return text
    .replace(/^(?:ERROR:|Error:|error:|error(?= building)) /, '')
    .replace(/^(?:failed to build: |failed to solve(?: with frontend \S+)?: |failed to create LLB definition: )+/, '');
}

function buildkitFailure(lines: readonly string[]): BuildFailure | undefined {
  const message = messageOf(lines);
  // `dockerfile parse error on line 3: unknown instruction: FO`, 20.10: `parse error line 3`
  const parse = /dockerfile parse error (?:on )?line (\d+)/.exec(message);
  if (parse) return { message, line: Number(parse[1]), output: [] };
  const failed = lines
    .map((line) => /^#(\d+) (?:ERROR:|ERROR\b)/.exec(line)?.[1])
    .find((number) => number !== undefined);
  // `Dockerfile:5` above the ruled excerpt of the file
  const place = lines.findIndex((line, i) => /^\S.*:\d+$/.test(line) && /^-{10,}$/.test(lines[i + 1] ?? ''));
  const line = place < 0 ? undefined : Number(/:(\d+)$/.exec(lines[place] as string)?.[1]);
  if (failed === undefined && line === undefined) return undefined;
  const own = lines.filter((text) => text.startsWith(`#${failed} `)).map((text) => text.slice(`#${failed} `.length));
  const step = own.find((text) => /^\[(?!internal\])/.test(text));
  const output = own
    .map((text) => /^\d+\.\d+ (.*)$/.exec(text)?.[1])
    .filter((text) => text !== undefined && text.trim() !== '') as string[];
  return {
    message,
    ...(step === undefined ? {} : { step }),
    ...(line === undefined ? {} : { line }),
    output: output.slice(-OUTPUT_LINES),
  };
}

/** buildah: the output of the last step that began. */
function stepFailure(lines: readonly string[]): BuildFailure {
  const begin = lines.findLastIndex((line) => stepOf(line) !== undefined);
  const message = messageOf(lines);
  if (begin < 0) return { message, output: [] };
  const output = lines.slice(begin + 1).filter((line) => line.trim() !== '' && !line.includes(message));
  return { message, step: stepOf(lines[begin] as string) as string, output: output.slice(-OUTPUT_LINES) };
}
