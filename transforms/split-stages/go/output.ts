/** Where `go build` and `go install` put their programs. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Instruction } from '../../../src/document.ts';
import type { Task, View } from '../types.ts';

/** A program that a command of the stage builds. */
export interface Output {
  /** Absolute path in the image. */
  readonly path: string;
  readonly task: Task;
  readonly instruction: Instruction;
  /** Folder of the package that it is built from; undefined: a package of somebody else (`pkg@latest`). */
  readonly dir: string | undefined;
}

/** Every program that the stage builds; a build whose output cannot be told is left out. Source: `go help build`. */
export function outputsOf(view: View): readonly Output[] {
  const outputs: Output[] = [];
  for (const { instruction, tasks } of view.steps) {
    for (const task of tasks) {
      const { call } = task;
      if (call?.manager !== 'go' || (call.verb !== 'build' && call.verb !== 'install')) continue;
      for (const { path, dir } of call.verb === 'build' ? built(view, task) : installed(view, task, instruction)) {
        outputs.push({ path, dir, task, instruction });
      }
    }
  }
  return outputs;
}

type Program = Pick<Output, 'path' | 'dir'>;

/** `go build -o bin/server ./cmd/server`: a file; `-o bin/`: a folder; without -o: into the folder where it runs. */
export function built(view: View, task: Task): Program[] {
  const { call, command } = task;
  const cwd = call?.cwdUnknown ? undefined : joinPath(task.cwd, call?.cwd ?? '.');
  const packages = operandsOf(task);
  if (cwd === undefined || packages === undefined) return [];
  const to = command.value('-o');
  if (command.has('-o') && to === undefined) return [];
  const names = packages.flatMap((it) => programOf(view, cwd, it) ?? []);
  if (names.length !== packages.length) {
    // -o names the file whatever the package is called
    const path = to !== undefined && !to.endsWith('/') ? joinPath(cwd, to) : undefined;
    const [first = '.'] = packages;
    const dir = first.endsWith('.go') ? posix.dirname(first) : first;
    return packages.length === 1 && path !== undefined ? [{ path, dir: joinPath(cwd, dir) }] : [];
  }
  if (to === undefined) return names.length === 1 ? names.map(({ name, dir }) => placed(cwd, name, dir)) : [];
  const target = joinPath(cwd, to);
  if (target === undefined) return [];
  const isFolder = to.endsWith('/') || names.length > 1 || isFolderOf(view, target);
  return names.map(({ name, dir }) => (isFolder ? placed(target, name, dir) : { path: target, dir }));
}

/** `go install ./cmd/server`, `go install example.com/tool@latest`: into GOBIN, else GOPATH/bin. */
function installed(view: View, task: Task, { state }: Instruction): Program[] {
  const { env } = state;
  const path = env.get('GOPATH')?.split(':')[0] ?? (env.has('GOPATH') ? undefined : '/go');
  const bin = env.get('GOBIN') ?? (env.has('GOBIN') || path === undefined ? undefined : `${path}/bin`);
  const packages = operandsOf(task);
  if (bin === undefined || task.cwd === undefined || packages === undefined) return [];
  return packages.flatMap((it) => {
    const program = programOf(view, task.cwd as string, it);
    return program ? [placed(bin, program.name, program.dir)] : [];
  });
}

const placed = (folder: string, name: string, dir: string | undefined): Program => ({
  path: posix.join(folder, name),
  dir,
});

/** The packages of a command, `.` when it names none; undefined: one is not fixed text. */
function operandsOf({ call }: Task): readonly string[] | undefined {
  const words = (call?.operands ?? []).map(
    ({ literal, raw }) => literal ?? (/^[\w./-]*\*\.go$/.test(raw) ? raw : undefined),
  );
  if (words.some((word) => word === undefined)) return undefined;
  // main.go util.go, cmd/*.go: one program, named after the first file
  const files = words.filter((word) => word?.endsWith('.go'));
  if (files.length > 0) return [files[0] as string];
  return words.length === 0 ? ['.'] : (words as string[]);
}

/** The name that Go gives the program of a package. Source: `go help build`, `go help install`. */
export function programOf(view: View, cwd: string, pkg: string): { name: string; dir: string | undefined } | undefined {
  if (pkg.includes('...') || pkg.includes('*')) return undefined;
  if (pkg.endsWith('.go')) return { name: posix.basename(pkg, '.go'), dir: joinPath(cwd, posix.dirname(pkg)) };
  if (pkg.includes('@')) return { name: lastName(pkg.replace(/@.*$/, '')), dir: undefined };
  const dir = /^\.{0,2}\//.test(pkg) || pkg === '.' ? joinPath(cwd, pkg) : undefined;
  if (dir === undefined) return { name: lastName(pkg), dir: undefined };
  for (let folder = dir; ; folder = posix.dirname(folder)) {
    const module = moduleAt(view, folder);
    if (module !== undefined) return { name: lastName(posix.join(module, posix.relative(folder, dir))), dir };
    if (folder === '/') return undefined;
  }
}

/** `module example.com/shop/cart` of the go.mod that stands in a folder of the image. */
function moduleAt({ runtime, project, steps }: View, folder: string): string | undefined {
  const file = runtime.files.toContext(posix.join(folder, 'go.mod'));
  const text = file === undefined ? undefined : project.read(file);
  const named = /^\s*module\s+"?([^\s"]+)/m.exec(text ?? '')?.[1];
  if (named !== undefined) return named;
  // RUN go mod init dispatch
  const made = steps
    .flatMap(({ tasks }) => tasks)
    .find(({ call, cwd }) => call?.manager === 'go' && /^mod(?: init)?$/.test(call.verb) && cwd === folder);
  return made?.call?.operands.at(-1)?.literal;
}

/** example.com/cart/v2 builds cart. */
function lastName(path: string): string {
  const parts = path.split('/').filter(Boolean);
  const last = parts.at(-1) ?? '';
  return /^v[2-9]\d*$/.test(last) && parts.length > 1 ? (parts.at(-2) as string) : last;
}

function isFolderOf({ runtime, project, stage }: View, path: string): boolean {
  const file = runtime.files.toContext(path);
  const made = stage.instructions.some(
    ({ keyword, args }) => keyword === 'WORKDIR' && joinPath(undefined, args.text) === path,
  );
  return made || (file !== undefined && project.kind(file) === 'dir');
}

/**
 * The go.mod of every program. Below `go 1.17` it does not name what its modules require: go.sum comes along.
 * Source: the Go modules reference, "Graph pruning".
 */
export function moduleFiles(
  { runtime, project }: View,
  outputs: readonly Output[],
): readonly { readonly file: string; readonly text: string }[] {
  const found = new Map<string, string>();
  const add = (folder: string, name: string): string | undefined => {
    const file = runtime.files.toContext(posix.join(folder, name));
    const text = file === undefined ? undefined : project.read(file);
    if (file !== undefined && text !== undefined) found.set(file, text);
    return text;
  };
  for (const start of new Set(outputs.flatMap(({ dir, task }) => dir ?? task.cwd ?? []))) {
    for (let folder = start; ; folder = posix.dirname(folder)) {
      const text = add(folder, 'go.mod');
      const version = /^go\s+1\.(\d+)/m.exec(text ?? '')?.[1];
      if (text !== undefined && (version === undefined || Number(version) < 17)) add(folder, 'go.sum');
      if (folder === '/') break;
    }
  }
  return [...found].map(([file, text]) => ({ file, text }));
}
