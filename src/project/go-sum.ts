/** Whether go.sum has a checksum for everything that go.mod requires, and go.mod a module for everything that is imported. */
import { goFacts } from './go.ts';
import { requiredModules } from './locked-go.ts';
import { within } from './manifests.ts';
import type { LockVerdict } from './node-locks.ts';
import type { Project } from './project.ts';

const differs = (why: string, line?: number): LockVerdict => ({ kind: 'differs', why, line });
const unclear = (why: string): LockVerdict => ({ kind: 'unclear', why });

/** The most source files that are read. */
const MAX_FILES = 2000;

/** Compares go.mod of one module with go.sum and the source files. From Go 1.17 on, go.mod names everything that is needed. */
export function goSum(project: Project, dir: string): LockVerdict {
  const facts = goFacts(project, dir);
  const sums = project.read(within(dir, 'go.sum') ?? '');
  if (!facts || sums === undefined) return unclear('go.mod or go.sum cannot be read');
  if (facts.work || facts.replaced.length > 0) return unclear('modules of the file system stand in for others');
  const language = /^go\s+1\.(\d+)/m.exec(facts.text)?.[1];
  if (language === undefined || Number(language) < 17)
    return unclear('go.mod of Go 1.16 or older does not name all it needs');
  const held = new Set(sums.split(/\r?\n/).map((line) => line.split(' ').slice(0, 2).join(' ')));
  const modules = requiredModules(facts.text);
  const missing = modules.find(({ path, version }) => !held.has(`${path} ${version}/go.mod`));
  if (missing) return differs(`go.sum has no checksum of ${missing.path} ${missing.version}`, missing.line);
  const own = /^module\s+(\S+)/m.exec(facts.text)?.[1] ?? '';
  const roots = [own, ...modules.map(({ path }) => path)];
  let left = MAX_FILES;
  for (const path of sources(project, dir)) {
    if (left-- === 0) return unclear('there is more source than is read');
    const strange = importsOf(project.read(path) ?? '').find(
      (name) =>
        (name.split('/')[0] as string).includes('.') &&
        !roots.some((root) => name === root || name.startsWith(`${root}/`)),
    );
    if (strange !== undefined) return differs(`${path} imports ${strange}, which no module of go.mod has`);
  }
  return { kind: 'agrees', format: 'go.sum', packages: [dir] };
}

/** The Go files of the module: not those of a module below, of vendor and of testdata. */
function* sources(project: Project, dir: string): Iterable<string> {
  for (const name of project.list(dir)) {
    const path = within(dir, name) as string;
    if (project.kind(path) === 'dir') {
      if (/^(?:vendor|testdata|node_modules|[._].*)$/.test(name) || project.kind(`${path}/go.mod`) === 'file') continue;
      yield* sources(project, path);
    } else if (name.endsWith('.go')) yield path;
  }
}

function importsOf(text: string): string[] {
  const blocks = [...text.matchAll(/^import\s*\(([^)]*)\)/gm)].flatMap((match) => (match[1] as string).split('\n'));
  const single = [...text.matchAll(/^import\s+(?:[\w.]+\s+)?"[^"]+"/gm)].map((match) => match[0]);
  return [...blocks, ...single].flatMap((line) => /"([^"]+)"/.exec(line.replace(/^\s*\/\/.*$/, ''))?.[1] ?? []);
}
