/** What a command runs in the end: scripts of package.json followed, package runners taken away. */
import { posix } from 'node:path';
import type { Stage } from '../../../src/document.ts';
import { launched } from '../../../src/project/launch.ts';
import type { NodeFacts } from '../../../src/project/node.ts';
import { unquoted } from '../../../src/project/start-script.ts';
import type { ShellWord } from '../../../src/shell/command.ts';
import { parseScript } from '../../../src/shell/script.ts';
import { wholeText } from '../../../src/source.ts';

const DEPTH = 6;
const MANAGER = /^(?:npm|yarn|pnpm|bun)$/;
const ELSEWHERE = /^(?:-w|--workspaces?|--filter|-F|--prefix|-C|--dir|--cwd)(?:=|$)/;

/** The commands, each a program with its words. A command that cannot be followed stands as it is written. */
export function commandsOf(facts: NodeFacts, words: readonly string[], depth = 0): readonly (readonly string[])[] {
  const [first = '', ...rest] = words;
  const name = posix.basename(first);
  const behind = launched(name, rest);
  if (behind === 'nothing' || depth > DEPTH) return [words];
  if (behind) return commandsOf(facts, behind.words, depth + 1);
  if (/^(?:run-s|npm-run-all)$/.test(name)) {
    const names = rest.filter((word) => facts.scripts.has(word));
    return names.length === 0 ? [words] : names.flatMap((it) => scriptOf(facts, it, [], depth));
  }
  if (!MANAGER.test(name) || rest.some((word) => ELSEWHERE.test(word))) return [[name, ...rest]];
  const at = rest.findIndex((word) => !word.startsWith('-') && !/^run(?:-script)?$/.test(word));
  const script = rest[at];
  if (at < 0 || script === undefined) return [words];
  // npm takes the flags before `--` for its own
  const behindName = rest.slice(at + 1);
  const dashes = behindName.indexOf('--');
  const extra =
    name === 'npm'
      ? behindName.filter((word, i) => (dashes >= 0 && i > dashes) || !word.startsWith('-'))
      : behindName.filter((word) => word !== '--');
  if (facts.scripts.has(script)) return scriptOf(facts, script, extra, depth);
  // yarn vite build, pnpm ng build
  return name === 'npm' ? [words] : commandsOf(facts, [script, ...extra], depth + 1);
}

function scriptOf(
  facts: NodeFacts,
  name: string,
  extra: readonly string[],
  depth: number,
): readonly (readonly string[])[] {
  const beside = (hook: string) =>
    facts.scripts.has(hook) && depth < DEPTH ? scriptOf(facts, hook, [], depth + 1) : [];
  const [before, after] = [beside(`pre${name}`), beside(`post${name}`)];
  const body = [facts.scripts.get(name), ...extra].join(' ');
  const { opaque, commands } = parseScript(wholeText(body), { escape: '\\', bash: true });
  if (opaque !== undefined) return [...before, [body], ...after];
  const own = commands.flatMap(({ nameWord, args }) => commandsOf(facts, wordsOf(nameWord, args), depth + 1));
  return [...before, ...own, ...after];
}

/** The commands that a container starts, in order: those of ENTRYPOINT and CMD, or of the text given in their place. */
export function startCommands(stage: Stage, facts: NodeFacts, override?: string): readonly (readonly string[])[] {
  const last = (keyword: string) => stage.instructions.findLast((it) => it.keyword === keyword);
  const entrypoint = last('ENTRYPOINT');
  const command = last('CMD');
  if (entrypoint && !entrypoint.json) return textCommands(facts, entrypoint.args.text);
  const given = command?.json ? command.words.map(({ value }) => value) : undefined;
  if (!entrypoint && !given) return textCommands(facts, command?.args.text ?? override ?? '');
  const words = [...(entrypoint?.words.map(({ value }) => value) ?? []), ...(given ?? [])];
  const isShell = /^(?:\/bin\/)?(?:ba|a|da)?sh$/.test(words[0] ?? '') && /^-\w*c$/.test(words[1] ?? '');
  return isShell ? textCommands(facts, words[2] ?? '') : commandsOf(facts, words);
}

function textCommands(facts: NodeFacts, text: string): readonly (readonly string[])[] {
  const { opaque, commands } = parseScript(wholeText(text), { escape: '\\', bash: true });
  if (opaque !== undefined) return [[text]];
  return commands.flatMap(({ nameWord, args }) => commandsOf(facts, wordsOf(nameWord, args)));
}

const wordsOf = (name: ShellWord | undefined, args: readonly ShellWord[]): readonly string[] =>
  [name, ...args].map((word) => unquoted(word?.literal ?? word?.raw ?? ''));
