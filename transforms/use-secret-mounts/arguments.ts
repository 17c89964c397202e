/** Build arguments that hold a secret: which RUN needs them, and what stands against a secret mount. */
import { posix } from 'node:path';
import type { Document, Instruction } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { HARMLESS, IMPLICIT_READERS, INDEX_NAME, KEEPERS, LOGIN_URL } from '../../src/knowledge/secrets.ts';
import { lineAt } from '../../src/project/calls.ts';
import type { Project } from '../../src/project/project.ts';
import { isSecretName, isSecretValue } from '../../src/project/secret-names.ts';
import type { Command } from '../../src/shell/command.ts';
import { shipped } from './told.ts';

/** One secret of the whole file: every ARG of that name, and what uses it. */
export interface SecretArgument {
  readonly name: string;
  readonly declared: readonly Instruction[];
  /** `ENV NPM_TOKEN=$NPM_TOKEN` of stages that nobody gets: it only hands the argument on. */
  readonly passedOn: readonly Instruction[];
  /** The RUN instructions that need it. */
  readonly runs: readonly Instruction[];
  /** Whether a RUN asks if it is there, or its default is empty: a build without it goes on. */
  readonly isOptional: boolean;
  /** Files of the context that read it. */
  readonly readBy: readonly Evidence[];
  /** Why it cannot be a secret mount, with the next step. */
  readonly obstacle: string | undefined;
  /** What could not be established. */
  readonly doubts: readonly string[];
}

/** Every ARG that has the name of a secret, by name in order of the file. */
export function secretArguments(document: Document, project: Project): readonly SecretArgument[] {
  const names = new Map<string, Instruction[]>();
  for (const it of document.instructions) {
    if (it.keyword !== 'ARG') continue;
    for (const { name, raw } of it.pairs) {
      const isEmpty = raw === undefined || /^(?:""|''|)$/.test(raw);
      const isIndex = INDEX_NAME.test(name) && (isEmpty ? mayHoldLogin(project, name) : LOGIN_URL.test(raw));
      if (isIndex) names.set(name, [...(names.get(name) ?? []), it]);
      else if (isSecretName(name) && (isEmpty || isSecretValue(raw))) names.set(name, [...(names.get(name) ?? []), it]);
    }
  }
  return [...names].map(([name, declared]) => read(document, project, name, declared));
}

/** An address without a default: a caller gives one with a login, or it is one besides the public index. */
const mayHoldLogin = (project: Project, name: string): boolean =>
  /EXTRA|^BUNDLE_/.test(name) || givesLogin(project, name);

/** Whether a build that was found hands on an address with a login, as its file is written. */
const givesLogin = (project: Project, name: string): boolean =>
  project.contexts.some(({ file, args }) => {
    if (file === undefined || args === undefined || !(name in args)) return false;
    const line = new RegExp(`(?<!\\w)${name}["']?\\s*[=:](.*)`).exec(project.root.read(file) ?? '')?.[1];
    return LOGIN_URL.test(line ?? '');
  });

const mentions = (name: string): RegExp => new RegExp(`(?<![\\w])${name}(?![\\w])`);

function read(document: Document, project: Project, name: string, declared: readonly Instruction[]): SecretArgument {
  const pattern = mentions(name);
  const textOf = (it: Instruction) => document.text.slice(it.start, it.end);
  const inScope = (it: Instruction) => declared.some((arg) => arg.stage === it.stage && arg.index < it.index);
  const later = document.instructions.filter((it) => it.stage && inScope(it));
  const named = later.filter((it) => it.keyword === 'RUN' && pattern.test(textOf(it)));
  const readBy = readers(project, name, pattern);
  const implicit = IMPLICIT_READERS.filter((row) => row.names.test(name));
  const runs = later.filter((it) => {
    if (it.keyword !== 'RUN') return false;
    if (named.includes(it)) return true;
    const programs = (it.script?.commands ?? []).map((command) => command.program ?? '');
    if (programs.some((program) => implicit.some((row) => row.programs.test(program)))) return true;
    // a file of the project reads it, and this may be what runs that file
    return readBy.length > 0 && programs.some((program) => !HARMLESS.test(program));
  });
  const asks = new RegExp(`-[nz]\\s+["']?\\$\\{?${name}\\b|\\$\\{${name}:?[-+]`);
  const isEmpty = declared.some(
    (it) => it.stage && it.pairs.some((pair) => pair.name === name && pair.raw !== undefined),
  );
  const isIndex = INDEX_NAME.test(name) && !name.startsWith('BUNDLE_');
  // pip goes on with the public index alone
  const isOptional = isEmpty || isIndex || named.some((it) => asks.test(textOf(it)));
  const isKnown = !isIndex || givesLogin(project, name);
  const doubts = isKnown ? [] : [`Whether the address in ${name} holds a login is not known.`];
  const stages = shipped(document, project);
  const own = new RegExp(`^["']?\\$(?:${name}|\\{${name}\\})["']?$`);
  const passedOn = later.filter(
    (it) => it.keyword === 'ENV' && it.stage && !stages.has(it.stage) && it.pairs.length === 1 && isOwn(it.pairs[0]),
  );
  return { name, declared, passedOn, runs, readBy, isOptional, obstacle: obstacleOf(), doubts };

  function isOwn(pair: Instruction['pairs'][number] | undefined): boolean {
    return pair?.name === name && own.test(pair.raw ?? '');
  }

  function obstacleOf(): string | undefined {
    const literal = declared.find((it) =>
      it.pairs.some(
        (pair) => pair.name === name && !!pair.raw && (isSecretValue(pair.raw) || LOGIN_URL.test(pair.raw)),
      ),
    );
    const line = (it: Instruction) => document.originLine(it.start);
    if (literal)
      return `Its value is written out on line ${line(literal)}, for everybody who has the repository: take it out, and replace the secret by a new one.`;
    const from = document.stages.find(({ from }) => pattern.test(from.args.text));
    if (from) return `FROM on line ${line(from.from)} names it, and FROM cannot read a secret.`;
    const kept = document.instructions.find(
      (it) => !/^(?:ARG|RUN|FROM)$/.test(it.keyword) && !passedOn.includes(it) && pattern.test(textOf(it)),
    );
    if (kept?.keyword === 'ENV')
      return `ENV on line ${line(kept)} keeps it in the image for good. If the application reads it when it runs, give it then (docker run -e ${name}, environment: of compose); if only the build does, use RUN --mount=type=secret,id=${name.toLowerCase()},env=${name} there.`;
    if (kept) return `${kept.keyword} on line ${line(kept)} names it, which keeps it in the image.`;
    if (declared.some((it) => it.pairs.length !== 1)) return 'Its ARG declares others as well: write one a line.';
    const made = document.instructions.find(
      (it) => it.keyword === 'ARG' && !declared.includes(it) && it.pairs.some(({ raw }) => pattern.test(raw ?? '')),
    );
    if (made)
      return `ARG ${made.pairs[0]?.name} on line ${line(made)} is made from it, and shows it all the same: write RUN --mount=type=secret,id=${name.toLowerCase()},env=${name} ${made.pairs[0]?.name}=.. in front of the command that reads it.`;
    if (runs.length === 0) return 'No RUN was found that uses it: if none does, take the ARG out.';
    const unread = runs.find(
      (it) => it.script?.opaque !== undefined || it.heredocs.length > 0 || it.script === undefined,
    );
    if (unread) return `The script on line ${line(unread)} cannot be read for sure.`;
    for (const it of named) {
      const keeper = keeps(document, it, pattern);
      if (keeper === undefined) continue;
      const where = `${keeper} on line ${line(it)} writes it into a file that stays in the layer`;
      if (/\.ssh\b/.test(textOf(it)))
        return `${where}: leave the key on the machine that builds, write RUN --mount=type=ssh for the commands that connect (with openssh-client and the known_hosts of the server in the image), and build with docker build --ssh default=PATH_OF_THE_KEY.`;
      return `${where}: let a secret mount put that file in place, or remove the file in the same RUN.`;
    }
    return undefined;
  }
}

/** The command of a RUN that writes the secret into a file which is not removed again in the same RUN. */
function keeps(document: Document, run: Instruction, pattern: RegExp): string | undefined {
  const commands = run.script?.commands ?? [];
  const textOf = ({ start, end }: Command) => document.text.slice(start, end);
  // export A=$TOKEN and A=$TOKEN hand it on under another name
  for (const command of commands) {
    const text = textOf(command);
    if (!pattern.test(text)) continue;
    const { program = '' } = command;
    const words = command.args.map(({ raw }) => raw).join(' ');
    const target = fileTarget(text);
    if (target !== undefined && !removed(commands, command, target)) return program;
    const into = command.piped
      ? commands.find(
          (it) => it.piped && (fileTarget(textOf(it)) !== undefined || /^(?:tee|docker|gh)$/.test(it.program ?? '')),
        )
      : undefined;
    if (into) return into.program;
    if (KEEPERS.some((row) => row.program.test(program) && row.words.test(words)))
      return `${program} ${command.args[0]?.literal ?? ''}`.trim();
  }
  return undefined;
}

/** The file that a command writes to by `>`; `2>&1` and devices are none. */
const fileTarget = (text: string): string | undefined =>
  /(?:^|[^>&\d])>>?\s*["']?(?!\/dev\/)([^\s"'&|;]+)/.exec(text.replace(/\d?>&\d|\d?>\s*\/dev\/\S+/g, ''))?.[1];

const removed = (commands: readonly Command[], writer: Command, target: string): boolean =>
  commands.some(
    (it) =>
      it.start > writer.start &&
      it.program === 'rm' &&
      it.certain &&
      it.args.some(({ raw }) => raw.replace(/["']/g, '') === target),
  );

/** Files that are read, and characters of each. */
const FILE_LIMIT = 3000;
const TEXT_LIMIT = 100_000;
const SOURCE =
  /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmrc|pip\.conf|nuget\.config|settings\.xml|Gemfile|Makefile|[\w.-]+\.(?:[cm]?[jt]sx?|json|py|rb|php|go|rs|sh|ya?ml|toml|gradle|kts|cfg|xml|csproj|props))$/i;
/** What never runs in the build of an image: it is looked at by those who call it. */
const OUTSIDE =
  /(?:^|\/)(?:\.github|\.gitlab|\.circleci|node_modules|docs?)\/|(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$|\.md$|(?:^|\/)\.gitlab-ci\.yml$/;

/** Files of the build context that name the variable. */
function readers(project: Project, name: string, pattern: RegExp): Evidence[] {
  const found: Evidence[] = [];
  let read = 0;
  for (const file of project.survey()?.files ?? []) {
    if (!SOURCE.test(file) || OUTSIDE.test(file) || project.ignored(file)) continue;
    if (++read > FILE_LIMIT || found.length > 2) break;
    const text = project.read(file)?.slice(0, TEXT_LIMIT) ?? '';
    const at = text.search(pattern);
    if (at < 0) continue;
    found.push({ file: project.rootPath(file), line: lineAt(text, at), says: `${posix.basename(file)} reads ${name}` });
  }
  return found;
}
