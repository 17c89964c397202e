/** Composer in the builder: the folder of the application is taken over with its packages, Composer and its tools stay behind. */
import { FRONT_END_TOOLS } from '../../../src/knowledge/front-end-tools.ts';
import { INSTALL_TOOLS, STARTING_PACKAGES } from '../../../src/knowledge/php-builds.ts';
import { codeMount, servicesOf } from '../../../src/project/development.ts';
import type { Fact } from '../../../src/project/manifests.ts';
import type { ProgramUse } from '../../../src/project/runtime.ts';
import { invocation } from '../../../src/shell/invocation.ts';
import { taskText } from '../packages.ts';
import type { Obstacle, Step, Task, View } from '../types.ts';
import { FRONT_END, folderOf, isBelow, type WholeFolder, wholeFolder } from '../whole-folder.ts';

/**
 * What Composer does in the stage; undefined: nothing, or not in one folder of the application. `taken`: folders besides
 * that the runtime stage takes over.
 */
export function vendorOf(view: View, taken: readonly string[]): WholeFolder | Obstacle | undefined {
  const calls = view.steps.flatMap(({ tasks }) => tasks).filter(isComposer);
  const fills = calls.filter(({ call }) => call?.action === 'install' || call?.action === 'upgrade');
  if (fills.length === 0) return undefined;
  const folders = new Set(
    calls
      .filter(({ call }) => !/^(?:global|self-?update|config|about|diagnose|clear-?cache|cc)\b/.test(call?.verb ?? ''))
      .map(folderOf),
  );
  const [folder] = folders;
  const isGlobal = fills.some(({ call, command }) => call?.verb.startsWith('global') || command.has('-g'));
  if (folders.size !== 1 || folder === undefined || folder === '/' || isGlobal) return undefined;
  const obstacle = atRunTime(view, folder);
  if (obstacle) return obstacle;

  return wholeFolder(view, folder, taken, (step, task) => isInstall(view, step, task, folder));
}

const isComposer = ({ call }: Task): boolean => call?.manager === 'composer';

/** `composer install`, what fetches Composer itself, the build of a front end in the same folder, code of the application, which may start Composer, and its tests. */
function isInstall(view: View, { tasks }: Step, task: Task, folder: string): boolean {
  const { call, command, effect } = task;
  const isTest = effect === 'test' && isBelow(task.cwd, folder);
  if (isComposer(task) || isTest || runsCode(task, folder)) return true;
  if (call && FRONT_END.has(call.manager)) return !call.global && isBelow(folderOf(task), folder) && effect !== 'none';
  const text = taskText(view, task);
  if (/getcomposer\.org|\bcomposer(?:[-_.]setup|\.phar)\b|\/composer(?=\s|$|['"])/.test(text)) return true;
  // curl -sS https://getcomposer.org/installer | php
  return command.piped && command.program === 'php' && tasks.some((it) => /getcomposer\.org/.test(taskText(view, it)));
}

/** `php artisan config:cache`, `./vendor/bin/rr get-binary`: with everything that was there for the install. */
function runsCode({ effect, command, cwd }: Task, folder: string): boolean {
  if (effect !== 'app' && effect !== 'unknown') return false;
  return isBelow(cwd, folder) && /^(?:php|artisan|\.\/|(?:\.\/)?(?:bin|vendor)\/)/.test(command.name ?? '');
}

/** Composer at the start of a container, and folders of the host over what it would install. */
function atRunTime(view: View, folder: string): Obstacle | undefined {
  const { runtime, project, stage } = view;
  for (const { path, commands } of runtime.scripts) {
    const call = commands?.map(invocation).find((it) => it?.manager === 'composer');
    if (!call) continue;
    const code = call.action === 'install' || call.action === 'upgrade' ? 'installs-at-start' : 'builds-at-run-time';
    return { code, why: `${path} runs ${call.program} ${call.verb}` };
  }
  const use = runtime.programs.find(({ program, by }) => by !== 'code' && /^composer(?:\.phar)?$/.test(program));
  if (use) return { code: 'builds-at-run-time', why: `${at(use)} starts ${use.says}` };
  for (const service of servicesOf(project, stage)) {
    const mount = codeMount(project, service, folder);
    if (mount)
      return {
        code: 'development',
        why: `${mount.file}:${mount.line} lays the source over what is installed: ${mount.says}`,
      };
  }
  return undefined;
}

const at = ({ file, line }: Pick<ProgramUse, 'file' | 'line'>): string =>
  line === undefined ? file : `${file}:${line}`;

/** System packages whose programs only the install starts. */
export function spareTools(view: View, { installs, folder }: WholeFolder): ReadonlySet<string> {
  const packages = composerPackages(view, folder);
  if (packages === undefined) return new Set();
  const builds = [...installs].some(({ call }) => call !== undefined && FRONT_END.has(call.manager));
  const rows = [...INSTALL_TOOLS, ...(builds ? FRONT_END_TOOLS : [])];
  return new Set(rows.flatMap((row) => (isStarted(view, row.program, packages) ? [] : row.packages)));
}

/** Names in composer.lock, in composer.json where there is none. */
function composerPackages({ runtime, project }: View, folder: string): string | undefined {
  for (const name of ['composer.lock', 'composer.json']) {
    const file = runtime.files.toContext(`${folder}/${name}`);
    const text = file === undefined ? undefined : project.read(file);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Whether a start, a script, the code or one of its packages starts a program. */
function isStarted({ runtime }: View, program: string, packages: string): boolean {
  if (runtime.uses(program)) return true;
  const call: Fact | undefined = runtime.find(
    new RegExp(
      `(?:\\b(?:exec|shell_exec|system|passthru|proc_open|popen|fromShellCommandline|run|start)\\s*\\(|new\\s+Process\\s*\\(|\`)[^\\n]{0,40}?\\b${program}\\b`,
    ),
  );
  if (call) return true;
  return STARTING_PACKAGES.some(
    (row) => row.program === program && row.packages.some((name) => packages.includes(`"${name}"`)),
  );
}
