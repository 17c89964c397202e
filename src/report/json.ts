/** One JSON document, written piece by piece so that memory does not grow with the number of files. */
import { filePatch } from './patch.ts';
import { isChanged, isFailure, type Reporter } from './report.ts';

/** Grows when a field changes its meaning or goes; new fields do not count. */
export const JSON_SCHEMA = 1;

/**
 * `{"schema", "version", "files": [...], "neighbours": [...], "skipped": [...], "notes": [...], "summary"}`.
 * Lines are those of the file as it was read; spans are offsets into the text that the transform saw.
 */
export function jsonReporter(write: (text: string) => void, version: string): Reporter {
  const neighbours: string[] = [];
  const skipped: string[] = [];
  const notes: string[] = [];
  let separator = '';
  write(`{"schema":${JSON_SCHEMA},"version":${JSON.stringify(version)},"files":[`);
  return {
    file({ name, patchName, result, failure, remark }) {
      const failed = isFailure(result, failure);
      const entry = {
        path: name,
        status: failed ? 'failed' : result.error ? 'left-alone' : isChanged(result) ? 'changed' : 'unchanged',
        error: result.error ?? (failure === undefined ? undefined : { line: 0, code: 'not-written', message: failure }),
        remark,
        changes: result.changes.map(({ transform, change, status, line, why }) => ({
          transform,
          title: change.title,
          status,
          level: change.level,
          line,
          at: { start: change.at.start, end: change.at.end },
          why: change.why,
          evidence: change.evidence,
          notTaken: why,
          edits: change.edits,
          creates: change.creates,
        })),
        declines: result.declined,
        warnings: result.warnings,
        faults: result.faults,
        patch: failed ? '' : filePatch(patchName, result.before, result.after),
      };
      write(`${separator}\n${JSON.stringify(entry)}`);
      separator = ',';
    },
    neighbour({ name, patchName, before, after, failure }) {
      const patch = patchName === undefined || failure !== undefined ? undefined : filePatch(patchName, before, after);
      neighbours.push(
        JSON.stringify({
          path: name,
          status: failure === undefined ? (before === undefined ? 'created' : 'changed') : 'failed',
          error: failure,
          patch,
        }),
      );
    },
    skipped(report) {
      skipped.push(JSON.stringify(report));
    },
    note(text) {
      notes.push(JSON.stringify(text));
    },
    end(tally) {
      const summary = { ...tally, applied: Object.fromEntries(tally.applied), held: Object.fromEntries(tally.held) };
      write(
        `\n],"neighbours":[${neighbours}],"skipped":[${skipped}],"notes":[${notes}],"summary":${JSON.stringify(summary)}}\n`,
      );
    },
  };
}
