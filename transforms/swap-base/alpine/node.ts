/** Whether the npm packages of a stage can be installed on musl: what the lock file names for the systems, then the tables. */
import { ALPINE_PACKAGES } from '../../../src/knowledge/alpine-packages.ts';
import { GLIBC_ONLY_NODE, NODE_ON_MUSL, NODE_WITHOUT_NATIVE } from '../../../src/knowledge/musl.ts';
import { COMPILED_NODE_PACKAGES, GLOBAL_WITHOUT_COMPILER, NATIVE_HELPER } from '../../../src/knowledge/node-natives.ts';
import { isRecord, within } from '../../../src/project/manifests.ts';
import type { NodeFacts } from '../../../src/project/node.ts';
import { inWords } from '../../../src/stage/install-run.ts';
import { factsAt, type Install, installsOf, isGlobal } from '../../../src/stage/node-installs.ts';
import type { StageView } from '../../../src/stage/view.ts';
import { scriptNeeds } from '../node.ts';
import type { Findings, Need, Obstacle } from '../types.ts';

export function nodeOnMusl(view: StageView): Findings | Obstacle | undefined {
  const installs = installsOf(view);
  const tasks = view.steps.flatMap(({ tasks }) => tasks);
  const globals = tasks.filter(isGlobal);
  const doubts = [
    ...(installs ? [] : ['the folder into which npm packages are installed is not known']),
    ...(installs?.some(({ facts }) => !facts) ? ['package.json of an install is not in the build context'] : []),
  ];
  const unknown: string[] = globals
    .flatMap(({ call }) => call?.operands ?? [])
    .flatMap(({ literal, raw }) => (literal === 'add' || GLOBAL_WITHOUT_COMPILER.test(literal ?? '') ? [] : [raw]));
  const needs: Need[] = [];
  const evidence = [];
  const scripted = tasks.flatMap(({ call, cwd }) =>
    call && /^(?:npm|yarn|pnpm)$/.test(call.manager) && cwd !== undefined ? (factsAt(view, cwd) ?? []) : [],
  );
  if (installs?.length === 0 && globals.length === 0 && scripted.length === 0) return undefined;
  for (const install of installs ?? []) {
    const found = nativesOf(view, install);
    if ('code' in found) return found;
    unknown.push(...found.unknown);
    if (found.lock !== undefined && found.unknown.length === 0)
      evidence.push({ file: found.lock, says: 'every package with native code has a build for musl in it' });
  }
  for (const facts of new Map(
    [...(installs ?? []).flatMap((it) => it.facts ?? []), ...scripted].map((it) => [it.manifest, it]),
  ).values()) {
    const scripts = scriptNeeds(view, facts, tasks);
    if ('code' in scripts) return scripts;
    doubts.push(...scripts.doubts);
    for (const { package: debian, evidence: at } of scripts.needs) {
      const names = ALPINE_PACKAGES.find((row) => row.debian === debian)?.alpine;
      if (!names) doubts.push(`what Alpine calls ${debian} is not known`);
      for (const name of names ?? []) needs.push({ package: name, evidence: at });
    }
    const prisma = prismaNeeds(view, facts);
    if (prisma && 'code' in prisma) return prisma;
    if (prisma) needs.push(prisma);
    if ([...facts.scripts.values()].some((body) => /\bbash\b/.test(body)))
      needs.push({
        package: 'bash',
        evidence: { file: view.project.rootPath(facts.manifest), says: 'a script starts bash' },
      });
  }
  if (unknown.length > 0)
    doubts.push(`whether musl is enough for ${inWords([...new Set(unknown)].slice(0, 4))} is not known`);
  return { needs, doubts, evidence };
}

type Natives = { readonly unknown: readonly string[]; readonly lock?: string };

function nativesOf({ project }: StageView, { facts, task }: Install): Natives | Obstacle {
  if (!facts) return { unknown: [] };
  const named = facts.dependencies.find(({ name, group }) => GLIBC_ONLY_NODE.has(name) && group !== 'devDependencies');
  if (named) return glibc(named.name, project.rootPath(facts.manifest), task.command);
  const lock = within(facts.dir, 'package-lock.json') ?? '';
  const text = project.read(lock);
  if (text !== undefined) return fromNpm(text, project.rootPath(lock), task.command);
  for (const name of ['yarn.lock', 'pnpm-lock.yaml']) {
    const path = within(facts.dir, name) ?? '';
    const other = project.read(path);
    if (other !== undefined) return fromBlocks(other, facts, project.rootPath(path), task.command);
  }
  return { unknown: ['what package.json leads to without a lock file'] };
}

const glibc = (name: string, file: string, at: Obstacle['at']): Obstacle => ({
  code: 'no-musl-build',
  why: `${file} holds ${name}, of which there is a build for glibc only`,
  ...(at && { at }),
});

/** `@rollup/rollup-linux-x64-gnu` has `@rollup/rollup-linux-x64-musl` beside it; sharp puts the word in another place. */
function muslNames(name: string): readonly string[] {
  return [
    name.replace(/-(?:gnu|glibc)$/, '-musl'),
    name.replace(/linux-(x64|arm64|x86_64)$/, 'linuxmusl-$1'),
    name.replace(/linux-(x64|arm64|x86_64)$/, 'linux-$1-musl'),
    name.replace(/linux-(x64|arm64|x86_64)$/, 'linux-musl-$1'),
  ].filter((it) => it !== name);
}

function fromNpm(text: string, lock: string, at: Obstacle['at']): Natives | Obstacle {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return { unknown: [`what ${lock} names`] };
  }
  if (!isRecord(root) || !isRecord(root.packages)) return { unknown: [`what ${lock}, of an old form, names`] };
  const entries = Object.entries(root.packages).flatMap(([path, entry]) =>
    path !== '' && isRecord(entry) ? [{ name: path.slice(path.lastIndexOf('node_modules/') + 13), entry }] : [],
  );
  const names = new Set(entries.map(({ name }) => name));
  const unknown: string[] = [];
  for (const { name, entry } of entries) {
    const forGlibc = Array.isArray(entry.libc) ? !entry.libc.includes('musl') : /linux-\w+-(?:gnu|glibc)$/.test(name);
    const isX64 = !Array.isArray(entry.cpu) || entry.cpu.includes('x64');
    if (forGlibc && isX64 && !muslNames(name).some((it) => names.has(it))) return glibc(name, lock, at);
    if (GLIBC_ONLY_NODE.has(name) && entry.dev !== true) return glibc(name, lock, at);
    // github:owner/name: what it holds stands nowhere
    if (/^(?:git\+|git:|ssh:|github:)/.test(String(entry.resolved ?? ''))) unknown.push(name);
    if (entry.hasInstallScript !== true || entry.optional === true) continue;
    if (!runs(name, String(entry.version))) unknown.push(name);
  }
  return { unknown, lock };
}

/** yarn.lock and pnpm-lock.yaml: blocks of lines, each with the name of a package first. */
function fromBlocks(text: string, facts: NodeFacts, lock: string, at: Obstacle['at']): Natives | Obstacle {
  const gnu = [...text.matchAll(/(?:@[\w.-]+\/)?[\w.-]*linux-x64-(?:gnu|glibc)\b/g)].map((match) => match[0]);
  const alone = gnu.find((name) => !text.includes(name.replace(/-(?:gnu|glibc)$/, '-musl')));
  if (alone !== undefined) return glibc(alone, lock, at);
  const unknown: string[] = /codeload\.github\.com|git\+ssh|git\+https|resolution: \{tarball: https:\/\/codeload/.test(
    text,
  )
    ? ['a package from git']
    : [];
  for (const block of text.split(/\r?\n\r?\n/)) {
    const [, name, version] = /^\s*["']?\/?((?:@[^@/\s]+\/)?[^@/\s"':]+)[@/](?:npm:)?[\^~]?([\d.]*)/.exec(block) ?? [];
    if (name === undefined || facts.name === name || !NATIVE_HELPER.test(block.slice(block.indexOf('\n') + 1)))
      continue;
    if (GLIBC_ONLY_NODE.has(name)) return glibc(name, lock, at);
    if (!runs(name, /^\s+version:? "?([\d.]+)/m.exec(block)?.[1] ?? version ?? '0')) unknown.push(name);
  }
  return { unknown, lock };
}

function runs(name: string, version: string): boolean {
  if (NODE_WITHOUT_NATIVE.has(name)) return true;
  if (COMPILED_NODE_PACKAGES.has(name)) return false;
  const from = Object.hasOwn(NODE_ON_MUSL, name) ? NODE_ON_MUSL[name] : undefined;
  return from !== undefined && Number.parseInt(version, 10) >= from;
}

/** The engines of Prisma before 7 link to openssl, and exist for the targets that the schema names. */
function prismaNeeds({ project }: StageView, facts: NodeFacts): Need | Obstacle | undefined {
  const hit = facts.dependencies.find(({ name }) => /^(?:@prisma\/client|prisma)$/.test(name));
  if (!hit || Number(/\d+/.exec(hit.spec)?.[0] ?? 0) >= 7) return undefined;
  const path = facts.prismaSchema ?? within(facts.dir, 'prisma/schema.prisma') ?? '';
  const targets = /binaryTargets\s*=\s*\[([^\]]*)\]/.exec(project.read(path) ?? '')?.[1];
  if (targets !== undefined && !/native|linux-musl/.test(targets))
    return {
      code: 'no-musl-build',
      why: `${project.rootPath(path)}: binaryTargets of Prisma has neither native nor linux-musl`,
    };
  const line = hit.line === undefined ? {} : { line: hit.line };
  return {
    package: 'openssl',
    evidence: { file: project.rootPath(facts.manifest), ...line, says: `the engine of ${hit.name} needs openssl` },
  };
}
