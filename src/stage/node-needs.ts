/** What the full image has and the slim one must install: for npm packages, for programs that are started. */
import type { Evidence } from '../edit.ts';
import { BUILT_IN, FULL_IMAGE_PROGRAMS, STARTED_BY_PACKAGES, SYSTEM_PYTHON } from '../knowledge/full-image.ts';
import { NODE_NEEDS, NODE_START_NEEDS, SELF_CONTAINED } from '../knowledge/node-packages.ts';
import { isRecord, recordIn, within } from '../project/manifests.ts';
import type { NodeFacts } from '../project/node.ts';
import { namesOf } from './node-installs.ts';
import { isCall } from './programs.ts';
import type { StageView, Task } from './view.ts';

const PROGRAMS: Readonly<Record<string, string>> = { ...FULL_IMAGE_PROGRAMS, [SYSTEM_PYTHON]: SYSTEM_PYTHON };
/** Packages that need something of the system. */
const NEEDING: ReadonlySet<string> = new Set(NODE_NEEDS.flatMap(({ packages }) => packages));
/** Packages whose programs talk TLS and find no certificates in a slim image. */
const SPEAKS_TLS: ReadonlySet<string> = new Set(['curl', 'wget', 'git']);

/** Debian packages that the slim image lacks, with what asks for them. `runs`: commands of the runtime stage. */
export function slimNeeds(
  view: StageView,
  packages: readonly NodeFacts[],
  runs: readonly Task[],
): Map<string, Evidence> {
  const found = new Map<string, Evidence>();
  const add = (name: string, evidence: Evidence) => {
    if (!found.has(name)) found.set(name, evidence);
    if (SPEAKS_TLS.has(name) && !found.has('ca-certificates')) found.set('ca-certificates', evidence);
  };
  const { project, runtime, document } = view;
  for (const facts of packages) {
    const file = project.rootPath(facts.manifest);
    const needed = facts.dependencies.filter(
      ({ name, group, spec }) => NEEDING.has(name) && group !== 'devDependencies' && !isPrismaWithoutEngine(name, spec),
    );
    for (const { packages: names, debian } of needed.length === 0 ? [] : NODE_NEEDS) {
      const hit = needed.find(({ name }) => names.includes(name));
      if (!hit) continue;
      const line = hit.line === undefined ? {} : { line: hit.line };
      for (const name of debian) add(name, { file, ...line, says: `${hit.name} needs ${name} when it runs` });
    }
    if (namesOf(facts, 'dependencies').includes('sharp')) {
      const text = runtime.find(/<text\b/);
      if (text)
        for (const name of ['fontconfig', 'fonts-dejavu-core'])
          add(name, {
            file: project.rootPath(text.file),
            ...(text.line !== undefined && { line: text.line }),
            says: 'sharp draws text',
          });
    }
  }
  const certificates = runtime.find(/--use-openssl-ca|\/etc\/ssl\/certs/);
  if (certificates)
    add('ca-certificates', {
      file: certificates.file,
      ...(certificates.line !== undefined && { line: certificates.line }),
      says: certificates.says,
    });
  for (const use of runtime.programs) {
    const name = Object.hasOwn(PROGRAMS, use.program) ? PROGRAMS[use.program] : undefined;
    if (name === undefined || !isCall(use)) continue;
    add(name, { file: use.file, ...(use.line !== undefined && { line: use.line }), says: `starts ${use.program}` });
  }
  for (const { by, program, says, file, line } of runtime.programs) {
    const row = by === 'start' ? NODE_START_NEEDS.find((it) => it.program.test(program)) : undefined;
    if (row && (row.only?.test(says) ?? true))
      add(row.debian, {
        file,
        ...(line !== undefined && { line }),
        says: `${program} starts programs of ${row.debian}`,
      });
  }
  for (const { command } of runs) {
    const program = command.program ?? '';
    const name = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
    if (name !== undefined && !BUILT_IN.has(program))
      add(name, { file: document.path, line: document.originLine(command.start), says: `starts ${program}` });
  }
  for (const { command, call } of view.steps.flatMap(({ tasks }) => tasks)) {
    for (const { literal = '' } of call?.manager === 'apt' ? call.operands : []) {
      const program = Object.hasOwn(STARTED_BY_PACKAGES, literal) ? STARTED_BY_PACKAGES[literal] : undefined;
      const name = program === undefined ? undefined : PROGRAMS[program];
      if (name !== undefined)
        add(name, {
          file: document.path,
          line: document.originLine(command.start),
          says: `${literal} starts ${program}`,
        });
    }
  }
  return found;
}

/** Prisma 7 talks to the database without a native engine. */
const isPrismaWithoutEngine = (name: string, spec: string): boolean =>
  /^(?:@prisma\/client|prisma)$/.test(name) && Number(/\d+/.exec(spec)?.[0] ?? 0) >= 7;

/** Packages of the lock with an install script that nothing is known about. */
export function unknownNatives({ project }: StageView, packages: readonly NodeFacts[]): string[] {
  const found = new Set<string>();
  for (const { dir } of packages) {
    const lock = within(dir, 'package-lock.json') ?? '';
    if (!project.read(lock)?.includes('"hasInstallScript"')) continue;
    const root = recordIn(project, lock);
    const entries = isRecord(root?.packages) ? root.packages : {};
    for (const path in entries) {
      const entry = entries[path];
      if (
        !isRecord(entry) ||
        entry.hasInstallScript !== true ||
        entry.dev === true ||
        entry.devOptional === true ||
        path === ''
      )
        continue;
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const known = SELF_CONTAINED.has(name) || NEEDING.has(name);
      if (!known) found.add(name);
    }
  }
  return [...found];
}
