/** Every command that a container starts, with its words. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Evidence } from '../../src/edit.ts';
import type { Command, ShellWord } from '../../src/shell/command.ts';
import { parseScript } from '../../src/shell/script.ts';
import { wholeText } from '../../src/source.ts';
import type { View } from './types.ts';

/** The words of one command, variables of the image filled in. */
export interface Call {
  readonly words: readonly string[];
  readonly cwd: string | undefined;
  readonly evidence: Evidence;
  /** A shell fills patterns in. */
  readonly patterns: boolean;
}

/** Every command of the start commands and of the scripts that they reach. */
export function callsOf(view: View): Call[] {
  const { runtime, stage, document, project } = view;
  const calls: Call[] = [];
  const entry = runtime.starts.find(({ by }) => by === 'ENTRYPOINT');
  const cmd = runtime.starts.find(({ by }) => by === 'CMD');
  for (const start of runtime.starts) {
    const evidence = { file: start.file, line: start.line, says: start.text.replace(/\s+/g, ' ').slice(0, 100) };
    // ENTRYPOINT ["java", "-jar"] and CMD ["app.jar"] are one command
    const isArgument =
      start.by !== 'ENTRYPOINT' &&
      start.by !== 'HEALTHCHECK' &&
      entry?.words !== undefined &&
      !startsOthers(entry.words);
    if (isArgument && (start.by === 'CMD' || start.words?.[0] !== posix.basename(entry.words[0] ?? ''))) continue;
    const here = { cwd: stage.end.workdir, evidence, patterns: false };
    if (!start.words) calls.push(...shellCalls(start.text, here));
    else if (start === entry && cmd?.words && !startsOthers(start.words))
      calls.push(...wordCalls([...start.words, ...cmd.words], here));
    else calls.push(...wordCalls(start.words, here));
  }
  for (const { path, commands } of runtime.scripts) {
    const evidence = { file: project.rootPath(path), says: path };
    calls.push(...commandCalls(commands ?? [], { cwd: stage.end.workdir, evidence, patterns: true }));
  }
  return calls;

  function wordCalls(words: readonly string[], here: Omit<Call, 'words'>): Call[] {
    const [first = '', ...rest] = words;
    const name = posix.basename(first);
    if (first === '') return [];
    if (/^(?:ba|da|a)?sh$/.test(name)) {
      const at = rest.findIndex((word) => /^-\w*c$/.test(word));
      const shell = { ...here, words: [first] };
      return at < 0 ? [shell] : [shell, ...shellCalls(rest[at + 1] ?? '', here)];
    }
    if (!LAUNCHERS.test(name)) return [{ ...here, words }];
    const at = rest.findIndex((word) => !word.startsWith('-'));
    return [{ ...here, words: [first] }, ...(at < 0 ? [] : wordCalls(rest.slice(at), here))];
  }

  function shellCalls(text: string, here: Omit<Call, 'words'>): Call[] {
    const script = parseScript(wholeText(text), { escape: '\\', bash: true });
    return script.opaque === undefined ? commandCalls(script.commands, here) : [];
  }

  function commandCalls(commands: readonly Command[], here: Omit<Call, 'words'>): Call[] {
    let { cwd } = here;
    return commands.flatMap((command) => {
      const words = [command.nameWord, ...command.args].flatMap((word) => (word ? [wordText(word)] : []));
      if (command.program === 'cd') cwd = command.certain ? joinPath(cwd, command.args[0]?.literal) : undefined;
      // exec "$@" hands on what the others name
      return command.name === undefined ? [] : wordCalls(words, { ...here, cwd, patterns: true });
    });
  }

  /** A word with the variables of the image filled in; as written where one is not known. */
  function wordText({ literal, raw }: ShellWord): string {
    return literal ?? document.expand(raw.replace(/^"(.*)"$/s, '$1'), stage.end) ?? raw;
  }
}

const LAUNCHERS = /^(?:tini|dumb-init|exec|nohup|catchsegv|env|gosu|su-exec)$/;

/** An entrypoint that starts what it is given: a script, a shell, tini. */
const startsOthers = ([first = '']: readonly string[]): boolean =>
  LAUNCHERS.test(posix.basename(first)) ||
  /^(?:ba|da|a)?sh$/.test(posix.basename(first)) ||
  /(?:\.sh|entrypoint[\w.-]*|\/(?:start|run|init))$/.test(first);
