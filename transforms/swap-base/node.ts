/** Whether the npm packages of a stage can be installed in a slim image, and what they and the scripts need there. */

import { BUILT_IN, COMPILERS } from '../../src/knowledge/full-image.ts';
import { LIFECYCLE } from '../../src/knowledge/install-inputs.ts';
import {
  COMPILED_NODE_PACKAGES,
  GLOBAL_WITHOUT_COMPILER,
  INSTALLS_WITHOUT_COMPILER,
  NATIVE_HELPER,
} from '../../src/knowledge/node-natives.ts';
import { isRecord, recordIn, within } from '../../src/project/manifests.ts';
import type { NodeFacts } from '../../src/project/node.ts';
import { parseScript } from '../../src/shell/script.ts';
import { wholeText } from '../../src/source.ts';
import { inWords } from '../../src/stage/install-run.ts';
import { factsAt, type Install, installsOf, isGlobal } from '../../src/stage/node-installs.ts';
import { slimNeeds } from '../../src/stage/node-needs.ts';
import { fullImagePackage } from '../../src/stage/programs.ts';
import type { StageView, Task } from '../../src/stage/view.ts';
import type { Findings, Need, Obstacle } from './types.ts';

/** `isOwn`: the packages are installed in the stage itself, and not in one that it copies from. */
export function nodeFindings(view: StageView, isOwn: boolean): Findings | Obstacle | undefined {
  const installs = installsOf(view);
  const globals = view.steps.flatMap(({ tasks }) => tasks).filter(isGlobal);
  const scripted = tasksOf(view).flatMap(({ call, cwd }) => {
    const isScript = call && /^(?:npm|yarn|pnpm)$/.test(call.manager) && cwd !== undefined;
    return (isScript && factsAt(view, cwd)) || [];
  });
  if (installs?.length === 0 && globals.length === 0 && scripted.length === 0) return undefined;
  const packages = [
    ...new Map(
      [...(installs ?? []).flatMap(({ facts }) => facts ?? []), ...scripted].map(
        (facts) => [facts.manifest, facts] as const,
      ),
    ).values(),
  ];
  const needs: Need[] = [...slimNeeds(view, packages, [])].map(([name, evidence]) => ({ package: name, evidence }));
  const doubts = [
    ...(installs ? [] : ['the folder into which npm packages are installed is not known']),
    ...(installs?.some(({ facts }) => !facts) ? ['package.json of an install is not in the build context'] : []),
  ];
  if (!isOwn) return { needs, doubts, evidence: [] };
  const unknown: string[] = globals
    .flatMap(({ call }) => call?.operands ?? [])
    .flatMap(({ literal, raw }) => (literal === 'add' || GLOBAL_WITHOUT_COMPILER.test(literal ?? '') ? [] : [raw]));
  for (const install of installs ?? []) {
    const found = nativesOf(view, install);
    if (!Array.isArray(found)) return found;
    unknown.push(...found);
  }
  if (unknown.length > 0)
    doubts.push(
      `whether ${inWords([...new Set(unknown)].slice(0, 4))} can be installed without a compiler is not known`,
    );
  for (const facts of packages) {
    const own = scriptNeeds(view, facts, tasksOf(view));
    if ('code' in own) return own;
    needs.push(...own.needs);
    doubts.push(...own.doubts);
  }
  const [first] = installs ?? [];
  const line = first && view.document.originLine(first.task.command.start);
  return {
    needs,
    doubts,
    evidence: first
      ? [
          {
            file: view.document.path,
            ...(line !== undefined && { line }),
            says: `${first.task.call?.program} ${first.task.call?.verb}`.trim(),
          },
        ]
      : [],
  };
}

const tasksOf = ({ steps }: StageView): readonly Task[] => steps.flatMap(({ tasks }) => tasks);

/** Packages of an install of which nobody knows whether they compile. */
function nativesOf({ project }: StageView, { facts, task }: Install): string[] | Obstacle {
  if (!facts) return [];
  const compiled = (name: string, file: string): Obstacle => ({
    code: 'native-build',
    why: `${file} holds ${name}, which is compiled when it is installed`,
    at: task.command,
  });
  const lock = within(facts.dir, 'package-lock.json') ?? '';
  const entries =
    lockEntries(recordIn(project, lock)) ?? blockEntries(facts, (name) => project.read(within(facts.dir, name) ?? ''));
  if (!entries) {
    const named = facts.dependencies.find(({ name }) => COMPILED_NODE_PACKAGES.has(name));
    return named
      ? compiled(named.name, project.rootPath(facts.manifest))
      : ['what package.json leads to, without a lock file,'];
  }
  const unknown: string[] = [];
  for (const { name, version } of entries) {
    if (COMPILED_NODE_PACKAGES.has(name))
      return compiled(name, `the lock file beside ${project.rootPath(facts.manifest)}`);
    const from = Object.hasOwn(INSTALLS_WITHOUT_COMPILER, name) ? INSTALLS_WITHOUT_COMPILER[name] : undefined;
    if (from === undefined || Number.parseInt(version, 10) < from) unknown.push(name);
  }
  return unknown;
}

interface Native {
  readonly name: string;
  readonly version: string;
}

/** Packages of package-lock.json with an install script; undefined: there is no such file. */
function lockEntries(lock: Record<string, unknown> | undefined): Native[] | undefined {
  if (!isRecord(lock?.packages)) return undefined;
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    path !== '' && isRecord(entry) && entry.hasInstallScript === true && entry.optional !== true
      ? [
          {
            name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
            version: String(entry.version),
          },
        ]
      : [],
  );
}

/** Packages of yarn.lock and pnpm-lock.yaml that depend on what only packages with native code depend on. */
function blockEntries(facts: NodeFacts, read: (name: string) => string | undefined): Native[] | undefined {
  const text = read('yarn.lock') ?? read('pnpm-lock.yaml');
  if (text === undefined) return undefined;
  return text.split(/\r?\n\r?\n/).flatMap((block) => {
    const [, name, version] = /^\s*["']?\/?((?:@[^@/\s]+\/)?[^@/\s"':]+)[@/](?:npm:)?[\^~]?([\d.]*)/.exec(block) ?? [];
    if (name === undefined || facts.name === name || !NATIVE_HELPER.test(block.slice(block.indexOf('\n') + 1)))
      return [];
    return [{ name, version: /^\s+version:? "?([\d.]+)/m.exec(block)?.[1] ?? version ?? '0' }];
  });
}

/** Programs of the full image that the scripts of package.json start while the stage is built. */
export function scriptNeeds(
  { project }: StageView,
  facts: NodeFacts,
  tasks: readonly Task[],
): { readonly needs: Need[]; readonly doubts: readonly string[] } | Obstacle {
  const open: string[] = [...LIFECYCLE];
  for (const { call } of tasks) {
    if (call && /^(?:npm|yarn|pnpm)$/.test(call.manager) && call.action !== 'install')
      open.push(call.verb, ...call.operands.flatMap(({ literal }) => literal ?? []));
  }
  const seen = new Set<string>();
  const needs: Need[] = [];
  const doubts: string[] = [];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const body = facts.scripts.get(name);
    if (seen.has(name) || body === undefined) continue;
    seen.add(name);
    open.push(`pre${name}`, `post${name}`);
    const { file, ...fact } = facts.script(name);
    for (const { program = '', args } of parseScript(wholeText(body), { escape: '\\', bash: true }).commands) {
      if (/^(?:npm|yarn|pnpm|run-s|run-p|npm-run-all)$/.test(program))
        open.push(...args.flatMap(({ literal }) => literal ?? []));
      // "build": "cd client && npm install"
      if (/^(?:npm|yarn|pnpm|pip3?)$/.test(program) && /^(?:install|i|ci|add)?$/.test(args[0]?.literal ?? ''))
        doubts.push(`what "${name}" in ${project.rootPath(file)} installs is not known`);
      if (COMPILERS.has(program))
        return { code: 'native-build', why: `"${name}" in ${project.rootPath(file)} starts ${program}` };
      const debian = BUILT_IN.has(program) ? undefined : fullImagePackage(program);
      if (debian !== undefined) needs.push({ package: debian, evidence: { ...fact, file: project.rootPath(file) } });
    }
  }
  return { needs, doubts };
}
