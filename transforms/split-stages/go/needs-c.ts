/** Whether Go programs link to C code, as their modules, their build and the packages that are installed for it say. */
import type { Evidence, Span } from '../../../src/edit.ts';
import { C_COMPILERS, CGO_MODULES, CXX_COMPILERS, PLAIN_HEADERS } from '../../../src/knowledge/go-modules.ts';
import { installsPackages } from '../packages.ts';
import type { Obstacle, View } from '../types.ts';
import { moduleFiles, type Output } from './output.ts';

export interface CNeeds {
  /** Nothing of C is in it: it may be built without cgo. */
  readonly isStatic: boolean;
  readonly evidence: readonly Evidence[];
  /** What could not be established, as sentences. */
  readonly doubts: readonly string[];
}

/** `view`: the stage that builds; `final`: the one that runs what it builds. */
export function needsC(view: View, outputs: readonly Output[], final: View): Obstacle | CNeeds {
  const { runtime } = view;
  for (const { task, instruction } of outputs) {
    const mode = task.command.value('-buildmode');
    if (mode !== undefined && mode !== 'exe' && mode !== 'pie')
      return { code: 'unknown-effect', why: `go build makes a ${mode}, no program`, at: task.command };
    const race = task.command.has('-race');
    if (race)
      return { code: 'unknown-effect', why: 'the race detector needs the C library of the builder', at: instruction };
  }
  const own = runtime.find(/^\s*import\s+"C"|^\s+"C"\s*$|go-systemd\/(?:v\d+\/)?sdjournal"/m);
  if (own) return { code: 'links-to-c', why: `${own.file}:${own.line} is a binding to C` };
  const installed = outputs.every(isOff) ? [] : packagesOf(new Set([view, final]));
  const isAlpine = final.system.family === 'alpine';
  const module = boundModule(view, outputs);
  // Alpine itself has no library of C++, Debian's package manager is written in it
  if (module?.needs === 'libraries' || (module?.needs === 'c++' && isAlpine))
    return { code: 'links-to-c', why: `${module.fact.file}:${module.fact.line} ${module.fact.says}` };
  const headers = installed.find(({ name }) => /-dev(?:el)?$/.test(name) && !PLAIN_HEADERS.has(name));
  if (headers)
    return {
      code: 'links-to-c',
      why: `line ${headers.fact.line} installs ${headers.name}, whose library the program may link to`,
      at: headers.at,
    };
  const known = module?.fact ?? cgoOn(view, outputs);
  if (known) return { isStatic: false, evidence: [known], doubts: [] };
  const compiler = installed.find(({ name }) => C_COMPILERS.has(name));
  if (!compiler) return { isStatic: true, evidence: [], doubts: [] };
  const cxx = isAlpine ? installed.find(({ name }) => CXX_COMPILERS.has(name)) : undefined;
  return {
    isStatic: false,
    evidence: [{ ...compiler.fact, says: `installs ${compiler.name}, so that cgo stays on` }],
    doubts: cxx
      ? [`${cxx.name} compiles C++ as well (line ${cxx.fact.line}), whose library Alpine has not by itself.`]
      : [],
  };
}

/** The first module that is a binding to C. */
function boundModule(view: View, outputs: readonly Output[]) {
  for (const { file, text } of moduleFiles(view, outputs)) {
    const lines = text.split('\n');
    for (const { module, needs } of CGO_MODULES) {
      const line = lines.findIndex((it) => it.includes(module));
      if (line < 0) continue;
      const says = `${module} is a binding to C`;
      return { needs, fact: { file: view.project.rootPath(file), line: line + 1, says } };
    }
  }
  return undefined;
}

/** `CGO_ENABLED=0 go build`, `ENV CGO_ENABLED=0` */
const isOff = ({ task, instruction }: Output): boolean =>
  (task.command.assignments.find(({ name }) => name === 'CGO_ENABLED')?.value ??
    instruction.state.env.get('CGO_ENABLED')) === '0';

/** `CGO_ENABLED=1 go build`, `ENV CGO_ENABLED=1` */
function cgoOn({ document }: View, outputs: readonly Output[]): Evidence | undefined {
  const on = outputs.find(
    ({ task, instruction }) =>
      task.command.assignments.some(({ name, value }) => name === 'CGO_ENABLED' && value !== '0') ||
      (instruction.state.env.has('CGO_ENABLED') && instruction.state.env.get('CGO_ENABLED') !== '0'),
  );
  const line = on && document.originLine(on.instruction.start);
  return line === undefined ? undefined : { file: document.path, line, says: 'CGO_ENABLED is on' };
}

interface Installed {
  /** Without a version. */
  readonly name: string;
  readonly at: Span;
  readonly fact: Evidence & { readonly line: number };
}

/** The system packages that stages install. */
function packagesOf(views: ReadonlySet<View>): readonly Installed[] {
  return [...views].flatMap(({ steps, document }) =>
    steps.flatMap(({ tasks }) =>
      tasks.filter(installsPackages).flatMap(({ call, command }) =>
        (call?.operands ?? []).map(({ raw }) => {
          const name = raw.replace(/[=~<>:].*$/, '');
          const line = document.originLine(command.start);
          return { name, at: command, fact: { file: document.path, line, says: `installs ${name}` } };
        }),
      ),
    ),
  );
}
