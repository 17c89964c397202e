/** On which side of the cut each command of a RUN belongs, where a builder installs packages and nothing else. */
import { posix } from 'node:path';
import type { Instruction } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { namesPackages, type PackageFate, packageFates, removedPackages, taskText } from './packages.ts';
import type { Obstacle, Step, Task, View } from './types.ts';

/** What a recipe says about its packages. */
export interface InstallRules {
  /** A command that fills the folder which the runtime stage takes over, or prepares for it. */
  isInstall(task: Task): boolean;
  /** Whether the runtime stage can do without a copied file, which only the install reads. */
  isManifest(path: string): boolean;
  /** Whether a copy brings a tool that only the install starts. */
  isTool(instruction: Instruction): boolean;
  /** Programs that commands of the builder start beyond those that are written: git for `git+https://`. */
  readonly starts: readonly string[];
  /** A command that the runtime stage carries out whatever its effect, and the builder does not need. */
  isRun?(task: Task): boolean;
  /** A command that prepares for the install, and that no other stage needs. */
  isPreparation?(task: Task): boolean;
  /** A command that both stages need, whatever its effect. */
  isBoth?(task: Task): boolean;
  /** Whether the account that installs owns what is installed: the builder keeps its USER. */
  readonly keepsUser?: boolean;
  /** System packages with programs that only the install starts. */
  readonly spare?: ReadonlySet<string>;
  /** System packages that the runtime stage needs, whose commands are known now. */
  needs(runs: readonly Task[]): ReadonlyMap<string, Evidence>;
}

/** The rules, and what the stage says about them. */
export interface Rules extends InstallRules {
  /** Whether a copy that the builder keeps names an account. */
  readonly accounts: boolean;
  /** What stands before the last install. */
  readonly builderText: string;
  readonly lastInstall: number;
}

/**
 * Where a command goes. gone: it removes packages. tend: it looks after the package manager. follow: it has no effect of
 * its own, or acts upon the commands behind it.
 */
export type Side = 'build' | 'run' | 'both' | 'packages' | 'gone' | 'tend' | 'follow';

/** A RUN whose commands know their sides. */
export interface SidedRun {
  readonly step: Step;
  readonly sides: readonly Side[];
  readonly fates: ReadonlyMap<Task, readonly PackageFate[]>;
}

/** The side of every command of a RUN. */
export function sidesOf(view: View, rules: Rules, step: Step, before: boolean): SidedRun | Obstacle {
  if (step.opaque !== undefined) {
    return { code: 'unreadable-script', why: `the RUN cannot be read: ${step.opaque}`, at: step.instruction };
  }
  const removed = removedPackages(view.steps.slice(view.steps.indexOf(step)));
  const sides: Side[] = [];
  const fates = new Map<Task, readonly PackageFate[]>();
  for (const task of step.tasks) {
    const side = sideOf(task, rules, before);
    if (typeof side !== 'string') return { ...side, at: task.command };
    if (side === 'packages') {
      const own = packageFates(task, view.system, removed);
      if (!own) {
        const why = `the packages of ${taskText(view, task).split('\n')[0]} are not fixed names`;
        return { code: 'unknown-effect', why, at: task.command };
      }
      fates.set(
        task,
        own.map((it) => (rules.spare?.has(it.name) ? { ...it, kind: 'build', becomes: [] } : it)),
      );
    }
    sides.push(side);
  }
  return { step, sides, fates };
}

function sideOf(task: Task, rules: Rules, before: boolean): Side | Omit<Obstacle, 'at'> {
  if (rules.isInstall(task) || rules.isPreparation?.(task)) return 'build';
  if (rules.isBoth?.(task)) return before ? 'both' : 'run';
  if (rules.isRun?.(task)) return 'run';
  const name = task.command.program ?? task.command.nameWord?.raw ?? '';
  switch (task.effect) {
    case 'packages':
      if (task.call?.action === 'remove') return 'gone';
      return namesPackages(task) ? 'packages' : 'both';
    case 'index':
    case 'clean':
      return 'tend';
    case 'none':
    case 'shell':
      return 'follow';
    case 'accounts':
      return rules.accounts ? 'both' : 'run';
    case 'system':
    case 'fetch':
      return before ? 'both' : 'run';
    case 'files':
      // rm requirements.txt: it never comes to the runtime stage
      if (removesManifests(task, rules)) return 'build';
      return before && !isAside(task, rules) ? 'both' : 'run';
    case 'app':
      return 'run';
    case 'test':
      return 'build';
    case 'install':
      return { code: 'outside-packages', why: `${name} installs packages of another kind` };
    case 'build':
    case 'tool':
      return { code: 'unknown-effect', why: `what ${name} builds, and where it puts it, is not known` };
    default:
      if (before) return { code: 'unknown-effect', why: `what ${name} leaves behind is not known` };
      return 'run';
  }
}

export const isOfFolders = ({ command }: Task): boolean =>
  /^(?:mkdir|touch|chown|chmod|chgrp)$/.test(command.program ?? '') && !command.redirected;

function removesManifests({ command }: Task, rules: Rules): boolean {
  const paths = command.args.filter(({ raw }) => !raw.startsWith('-'));
  return (
    command.program === 'rm' &&
    paths.length > 0 &&
    paths.every(({ literal }) => literal !== undefined && rules.isManifest(posix.basename(literal)))
  );
}

/** Package scripts expect folders there: openjdk on a slim image wants `mkdir -p /usr/share/man/man1`. */
const OF_SYSTEM = /^\/(?:usr|etc|lib)\//;

/** `mkdir /data`, `chown app /data`: folders that the builder does not name again. */
function isAside(task: Task, { builderText }: Rules): boolean {
  const { command } = task;
  if (!isOfFolders(task)) return false;
  if (/^ch/.test(command.program ?? '')) return true;
  const paths = command.args.filter(({ raw }) => !raw.startsWith('-'));
  return paths.every(
    ({ literal }) => literal?.startsWith('/') && !OF_SYSTEM.test(literal) && !builderText.includes(literal),
  );
}
