/** The patch of a run, file by file. */
import { filePatch } from './patch.ts';
import type { Reporter } from './report.ts';
import type { Paint } from './text.ts';

/** Green, red and cyan lines, for a terminal only. */
export function colorPatch(patch: string, paint: Paint): string {
  return patch.replace(/^.*$/gm, (line) => {
    if (/^(---|\+\+\+) /.test(line)) return paint.bold(line);
    if (line.startsWith('@@')) return paint.cyan(line);
    if (line.startsWith('+')) return paint.green(line);
    return line.startsWith('-') ? paint.red(line) : line;
  });
}

/** Writes the patch of every changed file, the neighbours last. `paint` undefined: the bytes that `git apply` takes. */
export function patchReporter(write: (text: string) => void, paint: Paint | undefined): Reporter {
  const put = (patch: string): void => {
    if (patch !== '') write(paint ? colorPatch(patch, paint) : patch);
  };
  return {
    file({ patchName, result, failure }) {
      if (failure === undefined && !result.error) put(filePatch(patchName, result.before, result.after));
    },
    neighbour({ patchName, before, after, failure }) {
      if (failure === undefined && patchName !== undefined) put(filePatch(patchName, before, after));
    },
    skipped() {},
    note() {},
    end() {},
  };
}
