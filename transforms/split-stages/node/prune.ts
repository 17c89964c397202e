/** Whether the devDependencies can stay behind, and the command that takes them away after the build. */

import { posix } from 'node:path';
import type { Instruction } from '../../../src/document.ts';
import type { Edit, Evidence } from '../../../src/edit.ts';
import { LIFECYCLE } from '../../../src/knowledge/install-inputs.ts';
import { COMPILED_SETTINGS, NOT_RUN_TIME, PACKS_DEVELOPMENT, SEEDS } from '../../../src/knowledge/node-packages.ts';
import { lineAt } from '../../../src/project/calls.ts';
import { lineOf, upwards, within } from '../../../src/project/manifests.ts';
import type { NodeFacts } from '../../../src/project/node.ts';
import { configsIn, mention } from '../static-site/config.ts';
import { commandsOf } from '../static-site/scripts.ts';
import type { View } from '../types.ts';
import { lockedForDevelopment } from './locked.ts';
import { type Install, namesOf, wordsOf } from './project.ts';
import { codeTexts, type StartText, startOf } from './starts.ts';

export type Prune =
  /** Nothing is there to be taken away: not installed, or there are none. */
  | { readonly kind: 'none' }
  | { readonly kind: 'prune'; readonly command: string; readonly evidence: readonly Evidence[] }
  | { readonly kind: 'keep'; readonly why: string };

const FILE_LIMIT = 4000;
const keep = (why: string): Prune => ({ kind: 'keep', why });

/** The decision for a place of the command: the instruction before which it would stand; undefined: the end. */
export type Pruning = (at: Instruction | undefined) => Prune;

/** Decides for the installs of a stage; what does not depend on the place is looked at once. */
export function pruning(
  view: View,
  installs: readonly Install[],
  texts: readonly StartText[],
  major: number | undefined,
): Pruning {
  const always = (prune: Prune) => () => prune;
  const full = installs.filter(
    (it) => !isProduction(it) && (!it.facts || developmentOf(it.facts).length > 0 || it.facts.workspaces.length > 0),
  );
  if (full.length === 0) return always({ kind: 'none' });
  const dirs = new Set(full.map(({ dir }) => dir));
  const [install] = full;
  if (!install || dirs.size > 1) return always(keep('packages are installed in more than one folder'));
  const { facts } = install;
  if (!facts) return always(keep(`what package.json in ${install.dir} says is not known`));
  if (facts.workspaces.length > 0) return always(keep('the packages are installed for a workspace'));
  const development = developmentOf(facts);
  const isPacked = packsDevelopment(view, facts, texts);
  const used = usedDevelopment(view, facts, development, texts, isPacked);
  if (used) return always(keep(`${used.file}${used.line === undefined ? '' : `:${used.line}`} ${used.says}`));
  const line = lineOf(facts.text, '"devDependencies"');
  const count = development.length;
  const them = count === 1 ? 'it' : 'them';
  const reason = isPacked
    ? `the build packs what the server uses of ${them} into its output`
    : `nothing that starts or is imported names ${count === 1 ? 'it' : 'one of them'}`;
  const says = `${count === 1 ? `${development[0]} is` : `${count} packages are`} for development, and ${reason}`;
  const evidence = [{ file: view.project.rootPath(facts.manifest), ...(line !== undefined && { line }), says }];
  return (at) => {
    const { user, workdir } = at === undefined ? view.stage.end : at.state;
    if (JSON.stringify(user) !== JSON.stringify(install.instruction.state.user))
      return keep('another account than the one that installs is in force behind the build');
    const command = commandOf(view, install, facts, major);
    if (typeof command !== 'string') return command;
    return { kind: 'prune', command: workdir === install.dir ? command : `cd ${install.dir} && ${command}`, evidence };
  };
}

/**
 * The installs without the devDependencies, as edits of their instructions; undefined where a script of the package runs
 * with the install, and may need them.
 */
export function omitting(
  installs: readonly Install[],
  major: number | undefined,
): ReadonlyMap<Instruction, readonly Edit[]> | undefined {
  const edits = new Map<Instruction, readonly Edit[]>();
  for (const install of installs.filter((it) => !isProduction(it))) {
    const { task, facts, instruction } = install;
    const { command, call } = task;
    if (!command.has('--ignore-scripts') && LIFECYCLE.some((name) => facts?.scripts.has(name))) return undefined;
    const flag =
      call?.manager === 'npm'
        ? isOldNpm(major)
          ? '--production'
          : '--omit=dev'
        : call?.manager === 'yarn'
          ? '--production'
          : '--prod';
    const at = (command.args.at(-1) ?? command.nameWord)?.end;
    if (at === undefined) return undefined;
    edits.set(instruction, [...(edits.get(instruction) ?? []), { start: at, end: at, text: ` ${flag}` }]);
  }
  return edits;
}

/** npm 7, which came with Node 15, brought --omit. */
const isOldNpm = (major: number | undefined): boolean => major !== undefined && major < 15;

/** The devDependencies that are not dependencies as well. */
function developmentOf(facts: NodeFacts): readonly string[] {
  const others = new Set(namesOf(facts, 'dependencies', 'optionalDependencies'));
  return namesOf(facts, 'devDependencies').filter((name) => !others.has(name));
}

/** Whether an install leaves the devDependencies out: by a flag, or because NODE_ENV says so. */
export function isProduction({ task, instruction }: Install): boolean {
  const { command } = task;
  const words = command.args.map(({ literal, raw }) => literal ?? raw);
  if (
    words.some(
      (it, i) =>
        /^--(?:include=dev|production=false|prod=false)$/.test(it) || (it === '--include' && words[i + 1] === 'dev'),
    )
  )
    return false;
  if (
    words.some(
      (it, i) =>
        /^(?:--production(?:=true)?|--prod|-P|--omit=dev|--only=prod(?:uction)?)$/.test(it) ||
        (/^--(?:omit|only)$/.test(it) && /^(?:dev|prod(?:uction)?)$/.test(words[i + 1] ?? '')),
    )
  )
    return true;
  const set = command.assignments.find(({ name }) => name === 'NODE_ENV');
  // an ARG is in the environment of a RUN as well
  const { env, args } = instruction.state;
  return (set ? set.value : (env.get('NODE_ENV') ?? args.get('NODE_ENV'))) === 'production';
}

/** The first sign that a package of devDependencies, or one that only they bring along, is needed at run time. */
function usedDevelopment(
  view: View,
  facts: NodeFacts,
  development: readonly string[],
  texts: readonly StartText[],
  isPacked: boolean,
): Evidence | undefined {
  const names = development.filter((name) => !name.startsWith('@types/'));
  const called = [...texts, ...codeTexts(view, [facts])];
  for (const name of names) {
    const start = startOf(called, name);
    if (start) return { ...start, says: `${start.says}, and ${name} is one of the devDependencies` };
  }
  const known = new Set(facts.dependencies.map(({ name }) => name));
  const locked = lockedForDevelopment(view, facts);
  for (const { program, files, by } of COMPILED_SETTINGS) {
    const settings = files.find((name) => view.project.kind(within(facts.dir, name) ?? '') === 'file');
    const compiler = by.find((name) => names.includes(name));
    // next start reads next.config.ts, and compiles it
    if (settings === undefined || compiler === undefined || startOf(texts, program) === undefined) continue;
    return { file: settings, says: `is compiled by ${compiler}, which is one of the devDependencies, at every start` };
  }
  if (isPacked) return undefined;
  const started = new Set(texts.flatMap(({ text }) => text.split(/[^\w-]+/)));
  const usesSeeds =
    [...started].some((word) => /^seed/.test(word)) ||
    view.runtime.find(/(?:\bfrom\s*|\brequire\(\s*|\bimport\(\s*)['"`]\.[^'"`]*\bseed/) !== undefined;
  // neither tests/serve.ts nor .storybook/main.js is what `node dist/main.js` starts
  const starts = (path: string): boolean => {
    const stem = posix.basename(path).replace(/\.\w+$/, '');
    const folder = posix.basename(posix.dirname(path));
    if (folder === '.' || folder === '') return stem.split(/[^\w-]+/).every((part) => started.has(part));
    return texts.some(({ text }) => text.includes(`${folder}/${stem}`) || (stem === 'index' && text.includes(folder)));
  };
  const isDevelopment = new Set(names);
  const packageOf = packageFolders(view);
  const isBuildScript = buildScripts(view, facts, called);
  for (const path of view.runtime.files.walk(FILE_LIMIT)) {
    if (!/\.[cm]?[jt]sx?$|\.vue$|\.svelte$/.test(path) || packageOf(path) !== facts.dir) continue;
    const isAside = NOT_RUN_TIME.test(path) || (SEEDS.test(path) && !usesSeeds);
    if (isAside && !starts(path)) continue;
    if (isBuildScript(path)) continue;
    const text = view.project.read(path) ?? '';
    for (const match of text.matchAll(QUOTED)) {
      const name = match[2] as string;
      const isOwn = isDevelopment.has(name);
      if (!isOwn && (known.has(name) || !locked(name))) continue;
      const from = text.lastIndexOf('\n', match.index) + 1;
      const before = text.slice(from, match.index);
      if (/^\s*(?:import|export)\s+type\s/.test(before) || /^\s*(?:\/\/|\*)/.test(before)) continue;
      const isImport = /(?:\bfrom\s*|\brequire\(\s*|\bimport\(?\s*)$/.test(before);
      const here = { file: view.project.rootPath(path), line: lineAt(text, match.index) };
      if (isOwn && (isImport || !COMMON_WORDS.has(name)))
        return { ...here, says: `names ${name}, which is one of the devDependencies` };
      if (isImport && !known.has(name))
        return { ...here, says: `imports ${name}, which only devDependencies bring along` };
    }
  }
  return undefined;
}

/** `'express'`, `"@nestjs/core/constants"`: a text that may be the name of a package, in one line. */
const QUOTED = /(['"`])((?:@[\w.-]+\/)?[a-zA-Z][\w.-]*)(?:\/[^'"`\s]*)?\1/g;

/** `"build": "tsc && ts-node ./ts/copyAssets.ts"`: a file that the build starts, and neither a start command nor another file names. */
function buildScripts(view: View, facts: NodeFacts, texts: readonly StartText[]): (path: string) => boolean {
  const named = (lines: readonly string[]): ReadonlySet<string> =>
    new Set(lines.flatMap((line) => line.split(/[\s"'=]+/)).map((word) => posix.normalize(word)));
  const builds = view.steps
    .flatMap(({ tasks }) => tasks.filter(({ effect }) => effect === 'app' || effect === 'tool' || effect === 'build'))
    .flatMap((task) => commandsOf(facts, wordsOf(task)));
  const inBuild = named(builds.map((words) => words.join(' ')));
  const inTexts = named(texts.map(({ text }) => text));
  return (path) => {
    const own = posix.relative(facts.dir || '.', path);
    if (!inBuild.has(own) || inTexts.has(own)) return false;
    const stem = posix
      .basename(path)
      .replace(/\.\w+$/, '')
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return view.runtime.find(new RegExp(`['"\`](?:[^'"\`\\n]*/)?${stem}(?:\\.\\w+)?['"\`]`)) === undefined;
  };
}

/** A server that its build made of the source and of the devDependencies, started and nothing else. */
function packsDevelopment({ project }: View, facts: NodeFacts, texts: readonly StartText[]): boolean {
  return PACKS_DEVELOPMENT.some(
    (row) =>
      facts.dependencies.some(({ name }) => name === row.package) &&
      texts.some(({ text }) => row.start.test(text.trim())) &&
      texts.every(
        ({ text }) => row.start.test(text.trim()) || /^(?:npm|yarn|pnpm) (?:run )?[\w:-]+$/.test(text.trim()),
      ) &&
      !mention(configsIn(project, facts.dir, row.configs), row.otherwise),
  );
}

/** Names of packages that are ordinary words of a program as well: only an import counts. */
const COMMON_WORDS: ReadonlySet<string> = new Set([
  'debug',
  'source',
  'rollup',
  'concurrently',
  'prettier',
  'jest',
  'mocha',
  'chai',
  'typescript',
  'eslint',
  'nodemon',
  'vite',
]);

/** The folder of the nearest package.json of the context, for one file after the other. */
function packageFolders({ project }: View): (path: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (path) => {
    const dir = within('', posix.dirname(path)) ?? '';
    if (!known.has(dir)) {
      const holds = (folder: string) => project.kind(within(folder, 'package.json') ?? '') === 'file';
      known.set(dir, upwards(dir).find(holds));
    }
    return known.get(dir);
  };
}

function commandOf(view: View, install: Install, facts: NodeFacts, major: number | undefined): string | Prune {
  const { call, command } = install.task;
  const { document } = view;
  switch (call?.manager) {
    case 'npm': {
      const omit = isOldNpm(major) ? '--production' : '--omit=dev';
      const flags = ['--legacy-peer-deps', '--force'].filter((it) => command.has(it));
      return ['npm prune', omit, ...flags].join(' ');
    }
    case 'yarn': {
      if (isBerry(view, facts)) return keep('yarn 2 and later have no command that takes packages away');
      if (!facts.has('yarn.lock')) return keep('without yarn.lock another install would choose packages anew');
      if (/type=secret|_TOKEN\b|\.npmrc/.test(document.text)) return keep('yarn would ask the private registry again');
      const frozen = command.has('--frozen-lockfile') ? ' --frozen-lockfile' : '';
      return `yarn install --production${frozen} --ignore-scripts --prefer-offline`;
    }
    default:
      return 'CI=true pnpm prune --prod --ignore-scripts';
  }
}

/** yarn 2 and later: its own settings file, or the version that package.json names. */
export function isBerry(view: View, facts: NodeFacts): boolean {
  return (
    facts.has('.yarnrc.yml') ||
    /^yarn@(?:[2-9]|berry|stable)/.test(facts.packageManager ?? '') ||
    /\byarn (?:set version (?:berry|stable|[2-9])|workspaces focus)|corepack (?:prepare|use) yarn@(?:[2-9]|stable)/.test(
      view.document.text,
    )
  );
}
