/** Which reporters a run has: the report of `--format` on `out`, the explanation on `err`. */
import { jsonReporter } from '../report/json.ts';
import { patchReporter } from '../report/patches.ts';
import type { Reporter } from '../report/report.ts';
import { textReporter } from '../report/text.ts';
import type { Io } from './io.ts';

export const FORMATS = ['patch', 'text', 'json'] as const;
export type Format = (typeof FORMATS)[number];

export interface Voice {
  readonly format: Format | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly verb: string;
}

/** `format` undefined: nothing goes to `out`. */
export function reportersOf({ format, quiet, verbose, verb }: Voice, io: Io): Reporter[] {
  const out = (text: string): void => {
    io.progress('');
    io.out.write(text);
  };
  const err = (text: string): void => {
    io.progress('');
    io.err.write(text);
  };
  const loud = verbose ? ('verbose' as const) : ('normal' as const);
  if (format === 'text') {
    return [
      textReporter({
        write: out,
        writeError: err,
        paint: io.paintOut ?? io.plain,
        detail: quiet ? 'quiet' : loud,
        patch: false,
        verb,
      }),
    ];
  }
  const detail = quiet ? 'quiet' : format === 'json' && !verbose ? 'totals' : loud;
  const explanation = textReporter({
    write: err,
    writeError: err,
    paint: io.paintErr,
    detail,
    patch: format === 'patch',
    verb,
  });
  if (format === 'patch') return [patchReporter(out, io.paintOut), explanation];
  if (format === 'json') return [jsonReporter(out, io.version), explanation];
  return [explanation];
}
