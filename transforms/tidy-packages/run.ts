/** A RUN as its calls of package managers, and what several of the rewrites need of it. */
import { lineStart } from '../../src/document/lines.ts';
import { once } from '../../src/document/once.ts';
import type { Document, Instruction } from '../../src/document.ts';
import type { Change, Decline, Edit, Evidence, Span } from '../../src/edit.ts';
import type { ShellWord } from '../../src/shell/command.ts';
import { type Invocation, invocation } from '../../src/shell/invocation.ts';
import type { Script } from '../../src/shell/script.ts';

export type Plan = Iterable<Change | Decline>;

/** What the file says somewhere, for all of its RUNs. */
export const said = {
  /** APT::Get::Assume-Yes "true" in apt.conf, -o APT::Get::Assume-Yes=true */
  assumeYes: once(({ text }: Document) => /Assume-Yes/i.test(text.replaceAll('--assume-yes', ''))),
  /** Binary::apt::... "..." */
  aptSettings: once(({ text }: Document) => text.includes('Binary::apt::')),
  /** APT::Install-Recommends "false" in apt.conf or by -o, --install-recommends */
  recommends: once(({ text }: Document) => /(?<!no-)install-recommends/i.test(text)),
  /** assumeyes=1 in dnf.conf or yum.conf */
  rpmYes: once(({ text }: Document) => /(?<!--)assumeyes/i.test(text)),
  /** A link or mount of the cache of apk */
  apkCache: once(({ text }: Document) => text.includes('/etc/apk/cache')),
  /** pip config set global.no-cache-dir true */
  pipConfig: once(({ text }: Document) => /\bconfig set \S*cache-dir/.test(text)),
} as const;

/** What is longer than this is written on two lines. */
const LONG = 120;

/** Comments that mean the instruction behind them. */
export const PRAGMA = /hadolint|redock|checkov|trivy|kics|semgrep|nosec|tally/i;

export interface Run {
  readonly document: Document;
  readonly instruction: Instruction;
  readonly script: Script;
  readonly calls: readonly Invocation[];
  /** The script, heredoc bodies included. */
  readonly text: string;
}

/** Reads a RUN; undefined for the JSON form and for scripts that cannot be read. */
export function readRun(document: Document, instruction: Instruction): Run | undefined {
  const { script } = instruction;
  if (instruction.keyword !== 'RUN' || !script || script.opaque !== undefined) return undefined;
  const calls = script.commands.flatMap((command) => invocation(command) ?? []);
  return { document, instruction, script, calls, text: textOf(document, instruction) };
}

/** The logical text of an instruction and its heredoc bodies. */
export function textOf(document: Document, { args, heredocs }: Instruction): string {
  if (heredocs.length === 0) return args.text;
  return [args.text, ...heredocs.map(({ body }) => document.text.slice(body.start, body.end))].join('\n');
}

/** The last word of the verb: `install` of `apt-get -q install x`. */
export function verbWord({ command, verb }: Invocation): ShellWord | undefined {
  const last = verb.split(' ').at(-1);
  return command.args.find((word) => word.literal === last);
}

/** Writes a flag behind the verb; before it where nothing follows (`dnf upgrade`), the place of what is written behind the command. */
export function addFlag(call: Invocation, flag: string): Edit {
  const { args } = call.command;
  const verb = verbWord(call);
  if (verb !== args.at(-1)) return call.command.insertWords(flag, verb);
  return call.command.insertWords(flag, args.at(-2));
}

/** The line of a place as evidence; `says` defaults to the command as it is written there. */
export function lineOf({ document }: Run, at: Span, says?: string): Evidence {
  const text = says ?? document.text.slice(at.start, at.end).split('\n', 1)[0]?.trim() ?? '';
  return { file: document.path, line: document.originLine(at.start), says: text };
}

/** Whether a mount of the RUN hides a folder, holds it or lies in it; also where its target is not known. */
export function isMounted({ document, instruction }: Run, folder: string): boolean {
  return instruction.flags.some(({ name, value }) => {
    if (name !== 'mount') return false;
    const target = /(?:^|,)(?:target|dst|destination)=([^,]*)/.exec(value)?.[1];
    const path = target && document.expand(target, instruction.state)?.replace(/\/+$/, '');
    // a secret without a target lies below /run
    if (path === undefined) return target !== undefined;
    return folder === path || folder.startsWith(`${path}/`) || path.startsWith(`${folder}/`);
  });
}

/** Writes a command behind everything that the RUN does; undefined where it would not surely run there. */
export function appendLast(run: Run, text: string): Edit | undefined {
  const { document, instruction, script } = run;
  const last = script.commands.reduce<Run['script']['commands'][number] | undefined>(
    (best, command) => (best && best.end >= command.end ? best : command),
    undefined,
  );
  if (!last || last.wrappers.includes('exec') || /^(?:exit|exec|return)$/.test(last.program ?? '')) return undefined;
  const stop = instruction.heredocs.at(-1)?.terminator.start ?? instruction.headEnd;
  // a closing `fi`, `)` or `}`, `&`, the body of `cat <<EOF`; a shell comment stays behind
  if (!/^[\s;]*(?:[ \t]#[^\n]*)?$/.test(document.text.slice(last.end, stop)))
    return tidyEnd(run, appendToChain(run, text));
  const edit = tidyEnd(run, last.append(text) ?? appendToChain(run, text));
  // RUN <<EOF: one command a line
  if (edit && instruction.heredocs.length > 0 && !edit.text.includes('\n')) return undefined;
  return edit;
}

/** Breaks a long line in front of what is written behind it, and takes blanks at its end away. */
function tidyEnd({ document, instruction }: Run, edit: Edit | undefined): Edit | undefined {
  if (!edit) return undefined;
  const { text, escape, eol } = document;
  const [blanks] = /^[ \t]*(?=\r?\n|$)/.exec(text.slice(edit.end, instruction.end)) ?? [''];
  const end = edit.end + blanks.length;
  const line = text.slice(lineStart(text, edit.start), edit.start);
  const isLong = line.length + edit.text.length > LONG && !text.slice(instruction.start, edit.start).includes('\n');
  if (!isLong || !edit.text.startsWith(' && ')) return { ...edit, end };
  return { ...edit, end, text: ` ${escape}${eol}   ${edit.text}` };
}

/** Why `appendLast` has no place. */
export function noEnd({ instruction }: Run): Decline {
  const why =
    instruction.heredocs.length > 0
      ? 'a line behind the last one of this heredoc would hide a failure, for set -e is not in force'
      : 'there is no place behind the last command that is surely reached';
  return { code: 'unclear-end', why, at: instruction };
}

/** `RUN a && (b)`, `RUN a && b | c`: behind the last link of a list of `&&`, laid out like the list. */
function appendToChain({ document, instruction, script }: Run, text: string): Edit | undefined {
  const last = script.chain?.at(-1);
  if (!last || instruction.heredocs.length > 0) return undefined;
  if (document.text.slice(last.end, instruction.end).trim() !== '') return undefined;
  const before = script.chain?.at(-2);
  const gap = before ? document.text.slice(before.end, last.start) : lineBelow(document, instruction.start, last.end);
  return { start: last.end, end: last.end, text: (gap && !gap.includes('#') ? gap : ' && ') + text };
}

/** What stands between a `fi` on a line of its own and the command behind it, which gets a line as well. */
function lineBelow({ text, escape, eol }: Document, start: number, end: number): string | undefined {
  const line = lineStart(text, end);
  return line <= start ? undefined : ` ${escape}${eol}${/^[ \t]*/.exec(text.slice(line, end))?.[0] ?? ''}&& `;
}

/** `RUN sudo apt-get ...` cleans with sudo too. */
export function likeWrapped({ calls }: Run, command: string): string {
  return calls.some((call) => call.command.wrappers.includes('sudo')) ? `sudo ${command}` : command;
}
