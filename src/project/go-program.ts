/** The files of one of the programs of a Go module. */
import { posix } from 'node:path';
import { reachable, type SourceFile } from './reachable.ts';
import type { Surroundings } from './service.ts';

const MAIN = /^package main\b[\s\S]*^func main\(\)/m;
const dirOf = (path: string): string => (posix.dirname(path) === '.' ? '' : posix.dirname(path));

/** The files of the program that the process is, packages of the module included; undefined: which program it is cannot be told. */
export function goProgram(
  { document, project, process }: Surroundings,
  root: string,
): readonly SourceFile[] | undefined {
  const files = reachable(project, 'go', root === '' ? 'main.go' : `${root}/main.go`, []);
  const mains = [...new Set(files.filter(({ text }) => MAIN.test(text)).map(({ path }) => dirOf(path)))];
  const built = builtFolders();
  const named = mains.filter((dir) => built.includes(dir));
  const alike = mains.filter((dir) => posix.basename(dir) === process.program);
  const [main, ...others] = mains.length === 1 ? mains : named.length === 1 ? named : alike;
  if (main === undefined || others.length > 0) return undefined;
  // main first, then the packages; other programs of the module are not this one
  const own = files.filter(({ path }) => dirOf(path) === main);
  const packages = files.filter(({ path, text }) => dirOf(path) !== main && !/^package main\b/m.test(text));
  return [...own, ...packages];

  /** Folders that `go build -o x ./cmd/api` names. */
  function builtFolders(): string[] {
    const commands = [...document.runs()]
      .flatMap(({ script }) => script.commands)
      .filter((it) => it.program === 'go' && /^(?:build|install)$/.test(it.args[0]?.literal ?? ''));
    const outputs = commands.filter((it) => posix.basename(it.value('-o') ?? '') === process.program);
    return (outputs.length > 0 ? outputs : commands).flatMap((it) => {
      const target = it.operands(['-o', '-ldflags', '-tags', '-gcflags', '-asmflags', '-mod', '-p']).at(-1)?.literal;
      if (target === undefined || /^(?:build|install)$/.test(target)) return [root];
      const path = posix.normalize(posix.join(root, target.replace(/\.go$/, '.go')));
      const dir = path.endsWith('.go') ? dirOf(path) : path.replace(/\/$/, '');
      return [dir === '.' ? '' : dir];
    });
  }
}
