/** Files that nobody but root can reach: in the home folder of root, or with a mode that keeps others out. */
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import { HOME_INSTALLS } from '../../src/knowledge/run-users.ts';
import type { RuntimeFacts } from '../../src/project/runtime.ts';
import type { Call } from '../../src/project/start-calls.ts';
import type { Command } from '../../src/shell/command.ts';
import { stop } from './declines.ts';

/** Programs that take files away or only look. */
const HARMLESS = /^(?:rm|rmdir|cd|echo|printf|test|\[|ls|du|find|unset)$/;
const IN_HOME = /^["']?(?:\/root(?:\/|$)|~\/|\$\{?HOME\}?\/)/;

/** @throws Stop where what runs lies in the home folder of root */
export function checkRootHome(document: Document, stage: Stage, runtime: RuntimeFacts, calls: readonly Call[]): void {
  const { end } = stage;
  const home = end.env.get('HOME');
  if (home === '/root') stop('root-home', 'HOME is set to /root');
  if (end.workdir === '/root' || end.workdir?.startsWith('/root/')) stop('root-home', `WORKDIR is ${end.workdir}`);
  for (const name of end.env.names()) {
    const value = end.env.get(name);
    // MAVEN_CONFIG of the image, and caches of the build, are not needed by what runs
    if (value !== undefined && /(?:^|:)\/root\//.test(value) && !/^MAVEN_CONFIG$|CACHE/.test(name)) {
      stop('root-home', `${name} points to ${/\/root\/[^:]*/.exec(value)?.[0]}`);
    }
  }
  const instructions = lineage(stage).flatMap((it) => it.instructions);
  for (const instruction of instructions) {
    const line = document.originLine(instruction.start);
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
      const to = instruction.words.at(-1)?.value ?? '';
      if (IN_HOME.test(to)) stop('root-home', `line ${line} copies to ${to}`);
    } else if (instruction.keyword === 'RUN') checkRun(document, instruction, line);
  }
  checkTools(instructions, end.env.has('POETRY_VIRTUALENVS_IN_PROJECT') || end.env.has('POETRY_VIRTUALENVS_CREATE'));
  checkCorepack(instructions, calls, end.env.has('COREPACK_HOME'));
  const start = runtime.starts.find(({ text }) => /(?:^|[\s"'=:])\/root\//.test(text));
  if (start) stop('root-home', `${start.text.slice(0, 60)} names a file of /root`);
}

function checkRun(document: Document, instruction: Instruction, line: number): void {
  const { text } = instruction.args;
  for (const { pattern, movedBy, what } of HOME_INSTALLS) {
    if (
      !pattern.test(text) ||
      (movedBy !== undefined && (instruction.state.env.has(movedBy) || text.includes(movedBy)))
    ) {
      continue;
    }
    stop('root-home', `line ${line}: ${what} in the home folder of root`);
  }
  for (const command of instruction.script?.commands ?? []) {
    if (HARMLESS.test(command.program ?? '')) continue;
    const word = [...(command.nameWord ? [command.nameWord] : []), ...command.args].find(({ raw }) =>
      IN_HOME.test(raw.replace(/^--?[\w-]+=/, '')),
    );
    if (word && !isOnlyBuilt(command)) stop('root-home', `line ${line}: ${word.raw} lies in the home folder of root`);
  }
  if (instruction.script?.opaque !== undefined && /\/root\/|~\//.test(text) && document.escape === '\\') {
    stop('root-home', `line ${line} names the home folder of root`);
  }
}

/** Settings of git, ssh and package managers are there for the build. */
const isOnlyBuilt = (command: Command): boolean =>
  /^(?:ssh-keyscan|ssh-keygen|git|chmod)$/.test(command.program ?? '') ||
  command.args.some(({ raw }) => /(?:\.ssh|\.npmrc|\.netrc|\.gitconfig|\.cache|\.pip|\.pypirc|\.m2)/.test(raw));

/** Virtual environments that poetry and pipenv make in the home folder unless they are told otherwise. */
function checkTools(instructions: readonly Instruction[], isMoved: boolean): void {
  const text = instructions
    .filter(({ keyword }) => keyword === 'RUN')
    .map(({ args }) => args.text)
    .join('\n');
  if (/\bpoetry\s+(?:install|sync)\b/.test(text) && !isMoved && !/virtualenvs\.(?:create|in-project)/.test(text)) {
    stop('root-home', 'poetry makes its virtual environment in the home folder of root');
  }
  if (/\bpipenv\s+(?:install|sync)\b/.test(text) && !/--system|--deploy\s+--system|PIPENV_VENV_IN_PROJECT/.test(text)) {
    const isHere = instructions.some(
      ({ keyword, args }) => keyword === 'ENV' && /PIPENV_VENV_IN_PROJECT/.test(args.text),
    );
    if (!isHere) stop('root-home', 'pipenv makes its virtual environment in the home folder of root');
  }
}

/** pnpm and yarn of corepack are fetched to the home folder of whoever calls them first. */
function checkCorepack(instructions: readonly Instruction[], calls: readonly Call[], isMoved: boolean): void {
  const enabled = instructions.find(({ keyword, args }) => keyword === 'RUN' && /\bcorepack\b/.test(args.text));
  const started = calls.find(({ program }) => program === 'pnpm' || program === 'yarn');
  if (enabled && started && !isMoved) {
    stop(
      'root-home',
      `${started.program} of corepack was fetched to the home folder of root, and would be fetched anew`,
    );
  }
}

/** @throws Stop where files are made so that only root may read them */
export function checkModes(document: Document, stage: Stage): void {
  for (const instruction of lineage(stage).flatMap((it) => it.instructions)) {
    const line = document.originLine(instruction.start);
    const { keyword, flags } = instruction;
    if (keyword === 'COPY' || keyword === 'ADD') {
      const mode = flags.find(({ name }) => name === 'chmod')?.value;
      if (mode !== undefined && keepsOthersOut(mode)) stop('unreadable-files', `line ${line} copies with mode ${mode}`);
      const remote =
        keyword === 'ADD' && mode === undefined && instruction.words.some(({ value }) => /^https?:/.test(value));
      if (remote) stop('unreadable-files', `line ${line}: ADD gives a file from the web the mode 600`);
    }
    for (const command of instruction.keyword === 'RUN' ? (instruction.script?.commands ?? []) : []) {
      const mode = command.program === 'chmod' ? command.operands()[0]?.literal : undefined;
      const isRuntime = !command.args.some(({ raw }) => /\/root\/|~\/|\.ssh|\/etc\/sudoers|lists|\/tmp/.test(raw));
      if (mode !== undefined && keepsOthersOut(mode) && isRuntime) {
        stop('unreadable-files', `line ${line}: chmod ${mode} keeps everybody but root out`);
      }
    }
  }
}

/** 600, 0700, 750, go-rwx, o-r; 744 and u+x, with which nobody else may start it. */
const keepsOthersOut = (mode: string): boolean =>
  /^[0-7]?[0-7][0-7][0-3]$/.test(mode) ||
  /^[0-7]?7[0-7][46]$|^u\+[rw]*x/.test(mode) ||
  /(?:^|,)[gu]*o?[^+=,]*-[wx]*r/.test(mode.replace(/^[ug]+[+=].*/, ''));
