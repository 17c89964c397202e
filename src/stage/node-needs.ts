/** What the full image has and the slim one must install: for npm packages, for programs that are started. */
import type { Evidence } from '../edit.ts';
import { FULL_IMAGE_PROGRAMS } from '../knowledge/libraries.ts';
import { NODE_NEEDS, SELF_CONTAINED } from '../knowledge/node-packages.ts';
import { isRecord, lineOf, within } from '../project/manifests.ts';
import type { NodeFacts } from '../project/node.ts';
import type { ProgramUse } from '../project/runtime.ts';
import { namesOf } from './node-installs.ts';
import type { StageView, Task } from './view.ts';

const PROGRAMS: Readonly<Record<string, string>> = { ...FULL_IMAGE_PROGRAMS, python3: 'python3' };
/** Packages whose programs talk TLS and find no certificates in a slim image. */
const SPEAKS_TLS: ReadonlySet<string> = new Set(['curl', 'wget', 'git']);
/** Program names that are ordinary words: they count only where a command line begins with them. */
const ORDINARY = new Set(['file', 'patch', 'convert', 'identify', 'composite', 'watch', 'top', 'free', 'uptime']);

/** Whether a use is a call for sure enough: `exec("git clone ..")`, `spawn("git", ..`. */
export const isCall = ({ by, program, says }: ProgramUse): boolean =>
  by !== 'code' || !ORDINARY.has(program) || / $/.test(says);

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
    for (const { packages: names, debian } of NODE_NEEDS) {
      const hit = facts.dependencies.find(
        ({ name, group, spec }) =>
          names.includes(name) && group !== 'devDependencies' && !isPrismaWithoutEngine(name, spec),
      );
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
  for (const { command } of runs) {
    const program = command.program ?? '';
    const name = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
    if (name !== undefined)
      add(name, { file: document.path, line: document.originLine(command.start), says: `starts ${program}` });
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
    const text = project.read(within(dir, 'package-lock.json') ?? '');
    if (text === undefined || lineOf(text, '"hasInstallScript"') === undefined) continue;
    let root: unknown;
    try {
      root = JSON.parse(text);
    } catch {
      continue;
    }
    const entries = isRecord(root) && isRecord(root.packages) ? Object.entries(root.packages) : [];
    for (const [path, entry] of entries) {
      if (
        !isRecord(entry) ||
        entry.hasInstallScript !== true ||
        entry.dev === true ||
        entry.devOptional === true ||
        path === ''
      )
        continue;
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const known = SELF_CONTAINED.has(name) || NODE_NEEDS.some((it) => it.packages.includes(name));
      if (!known) found.add(name);
    }
  }
  return [...found];
}
