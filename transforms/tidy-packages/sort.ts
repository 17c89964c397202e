/** Package lists in the order of the alphabet, each word in the place of another: the layout stays. */
import type { ShellWord } from '../../src/shell/command.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { lineOf, type Plan, type Run } from './run.ts';

/** A package, perhaps with its version; a trailing `-` removes it. */
const PLAIN = /^[a-z0-9][a-z0-9.+:=~_-]*[a-z0-9.+~]$|^[a-z0-9]$/i;

/** One change for every list of apt-get install and apk add that is not in order. */
export function* sortPackages(run: Run): Plan {
  for (const call of run.calls) {
    if ((call.manager !== 'apt' && call.manager !== 'apk') || call.action !== 'install') continue;
    const { operands, command } = call;
    const sorted = [...operands].sort((a, b) => (a.raw < b.raw ? -1 : a.raw > b.raw ? 1 : 0));
    if (sorted.every((word, i) => word === operands[i])) continue;
    if (!isPlain(run, call)) {
      const why = 'the list holds more than names: a variable, a comment, a flag or a removal';
      yield { code: 'list-not-plain', why, at: command };
      continue;
    }
    yield {
      title: 'package list in the order of the alphabet',
      why: 'A sorted list shows duplicates and makes later diffs small.',
      evidence: [lineOf(run, command)],
      level: 'safe',
      at: command,
      edits: operands.flatMap((word, i) => {
        const { raw } = sorted[i] as ShellWord;
        return raw === word.raw ? [] : [{ start: word.start, end: word.end, text: raw }];
      }),
    };
  }
}

function isPlain({ document }: Run, { operands, command }: Invocation): boolean {
  const first = command.args.indexOf(operands[0] as ShellWord);
  return operands.every((word, i) => {
    const next = operands[i + 1];
    return (
      word.literal === word.raw &&
      PLAIN.test(word.raw) &&
      word.end - word.start === word.raw.length &&
      command.args[first + i] === word &&
      (!next || !document.text.slice(word.end, next.start).includes('#'))
    );
  });
}
