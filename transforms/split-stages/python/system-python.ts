/** Python that the packages of Debian or Ubuntu bring: `FROM ubuntu:22.04` and `apt-get install python3-pip`. */
import type { Instruction } from '../../../src/document.ts';
import type { Edit, Evidence } from '../../../src/edit.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { BUILD_ONLY, BUILD_ONLY_NAME } from '../../../src/knowledge/libraries.ts';
import {
  PIP_BRINGS,
  PYTHON_INSTALLERS,
  PYTHON_ITSELF,
  PYTHON_PROGRAMS,
  TOO_OLD,
  WITH_DISTUTILS,
} from '../../../src/knowledge/system-python.ts';
import type { ShellWord } from '../../../src/shell/command.ts';
import { installsPackages } from '../packages.ts';
import type { Obstacle, Task, View } from '../types.ts';

export interface SystemPython {
  /** Packages of the runtime stage that python3-pip brings, with the evidence. */
  readonly needs: ReadonlyMap<string, Evidence>;
  /** `python3-venv` beside `python3-pip`, for the builder. */
  readonly edits: ReadonlyMap<Instruction, readonly Edit[]>;
  /** Whether apt brings the compilers that python3-pip recommends. */
  readonly brings: boolean;
}

interface Named {
  readonly name: string;
  readonly word: ShellWord;
  readonly task: Task;
  readonly instruction: Instruction;
}

/** What a virtual environment needs on an image without a Python of its own; undefined: the image is another, or apt brings no pip. */
export function systemPython(view: View): SystemPython | Obstacle | undefined {
  const { stage, steps, runtime } = view;
  const { image } = stage;
  if (!image || !/^(?:debian|ubuntu)$/.test(repositoryName(image))) return undefined;
  const tag = image.tag ?? 'latest';
  const named = steps.flatMap(({ instruction, tasks }) =>
    tasks
      .filter(installsPackages)
      .flatMap((task) =>
        (task.call?.operands ?? []).map((word) => ({ name: word.literal ?? '', word, task, instruction })),
      ),
  );
  const pip = named.find(({ name }) => name === 'python3-pip');
  if (!pip) return undefined;
  if (TOO_OLD.test(tag))
    return {
      code: 'version-too-old',
      why: `the Python of ${stage.fromWord.value} has no virtual environments, or no packages of today`,
    };
  if (!named.some(isForBuilding))
    return { code: 'already-minimal', why: `no compiler is installed on ${stage.fromWord.value}` };
  const beside = named.find(
    ({ name }) => /^python\d?[\d.]*(?:-|$)/.test(name) && !PYTHON_INSTALLERS.has(name) && !PYTHON_ITSELF.has(name),
  );
  if (beside)
    return {
      code: 'outside-packages',
      why: `${beside.name} is a package of the system, which a virtual environment does not see`,
      at: beside.task.command,
    };
  const program = runtime.programs.find(
    (use) =>
      PYTHON_PROGRAMS.has(use.program) && named.some(({ name }) => name.replace(/^python3-/, '') === use.program),
  );
  if (program)
    return {
      code: 'outside-packages',
      why: `${program.program} is a package of the system, which sees the packages of the system alone`,
    };
  // the environment would be made in front of the RUN, where no Python is yet
  const inOne = steps
    .find(({ instruction }) => instruction === pip.instruction)
    ?.tasks.find(({ call }) => call?.manager === 'pip' && call.action === 'install');
  if (inOne)
    return {
      code: 'mixed-script',
      why: 'Python itself and packages for it are installed in one RUN',
      at: inOne.command,
    };
  const evidence = view.fact(pip.instruction, 'python3-pip brings it');
  const all = [...PIP_BRINGS, ...(WITH_DISTUTILS.test(tag) ? ['python3-distutils'] : [])];
  const has = (name: string): boolean => named.some((it) => it.name === name);
  return {
    brings: !pip.task.command.has('--no-install-recommends'),
    needs: new Map(all.filter((name) => !has(name)).map((name) => [name, evidence])),
    edits: has('python3-venv') ? new Map() : new Map([[pip.instruction, [besides(view, pip, 'python3-venv')]]]),
  };
}

/** A compiler, header files, or pip with the compilers that it recommends. */
function isForBuilding({ name, task }: Named): boolean {
  if (name === 'python3-pip') return !task.command.has('--no-install-recommends');
  return BUILD_ONLY.has(name) || BUILD_ONLY_NAME.test(name) || name.endsWith('-dev');
}

/** Another package behind one, on a line of its own where they stand so. */
function besides({ document }: View, { word }: Named, name: string): Edit {
  const behind = document.text.slice(word.end);
  const gap = /^[ \t]*[\\`][ \t]*\r?\n[ \t]*(?=[\w-])/.exec(behind)?.[0] ?? ' ';
  return { start: word.end, end: word.end, text: gap + name };
}
