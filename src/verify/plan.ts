/** How an image is built: from the use that compose, bake or a workflow names, and from the flags, which win. */

import { isAbsolute, join, posix } from 'node:path';
import { type Environment, interpolate } from '../project/compose.ts';
import { isRecord } from '../project/manifests.ts';
import { COMPOSE_BASE_FILES } from '../project/places.ts';
import type { ContextSource, Project } from '../project/project.ts';
import { readArgs } from '../project/use.ts';

/** What was typed; in the forms that docker takes. */
export interface BuildFlags {
  readonly target: string | undefined;
  /** `KEY=value`, or `KEY` for that of the environment. */
  readonly args: readonly string[];
  readonly secrets: readonly string[];
  readonly ssh: readonly string[];
}

export interface BuildPlan {
  /** Relative to the root, as is the context. */
  readonly dockerfile: string;
  readonly context: string;
  readonly target: string | undefined;
  readonly args: Readonly<Record<string, string | undefined>>;
  readonly secrets: readonly string[];
  readonly ssh: readonly string[];
  /** Absolute folders, or references as they are. */
  readonly contexts: Readonly<Record<string, string>>;
  /** Options of the engine that follow from the use: `--network=host`. */
  readonly options: readonly string[];
  /** The use that it follows. */
  readonly use: ContextSource;
  readonly notes: readonly string[];
}

/** The composition that developers start comes first, what CI ships next, overlays and special files last. */
function rank({ by, file }: ContextSource): number {
  if (by === 'compose') return (COMPOSE_BASE_FILES as readonly string[]).includes(posix.basename(file ?? '')) ? 0 : 3;
  return { flag: 4, bake: 1, workflow: 2, sources: 5, default: 5 }[by];
}

/** `compose.yaml:12 (web)` */
export function useTitle({ by, file, line, name, dir }: ContextSource): string {
  if (by === 'flag') return `--context ${dir || '.'}`;
  if (file === undefined) return `the folder ${dir || '.'}${by === 'sources' ? ', which has what it copies' : ''}`;
  return `${file}${line === undefined ? '' : `:${line}`}${name === undefined ? '' : ` (${name})`}`;
}

const idOf = (secret: string): string | undefined => /(?:^|,)id=([^,]+)/.exec(secret)?.[1];

/** References that only the tool that wrote them resolves: another target of bake, another service of compose. */
const isOtherBuild = (context: string): boolean => /^(?:target|service):/.test(context);

/**
 * The build arguments of a use. Compose fills in those that name a variable or have no value; to the transforms they are
 * unknown, because they differ from machine to machine.
 */
function argsOf(
  { args, by, file, service }: ContextSource,
  variablesOf: VariablesOf,
): Record<string, string | undefined> {
  const build = service?.fields.build;
  if (by !== 'compose' || file === undefined || !isRecord(build)) return { ...args };
  const variables = variablesOf(file);
  const own = readArgs(build.args, (text) => interpolate(text, variables)) ?? {};
  const filled = Object.entries({ ...args, ...own }).map(([key, value]) => [key, value ?? variables.get(key)] as const);
  return Object.fromEntries(filled);
}

/** The variables for a compose file. */
export type VariablesOf = (file: string) => Environment;

/**
 * @param project the surroundings before the rewrite. @param root absolute path
 * @param variablesOf what compose would fill in on this machine
 */
export function planBuild(
  project: Pick<Project, 'dockerfile' | 'contexts'>,
  root: string,
  flags: BuildFlags,
  variablesOf: VariablesOf = () => new Map(),
): BuildPlan {
  const flagged = project.contexts.find(({ by }) => by === 'flag');
  const uses = project.contexts
    .filter(({ by, dir }) => by !== 'flag' && (flagged === undefined || dir === flagged.dir))
    .sort((a, b) => rank(a) - rank(b));
  const use = uses[0] ?? (project.contexts[0] as ContextSource);
  const notes: string[] = [];
  for (const other of uses) {
    if (flags.target === undefined && other.target !== use.target) {
      const built = other.target === undefined ? 'the last stage' : `the stage ${other.target}`;
      notes.push(`${useTitle(other)} builds ${built}, which is not looked at (--target)`);
    } else if (other.dir !== use.dir) {
      notes.push(`${useTitle(other)} builds it from ${other.dir || 'the root'}, which is not looked at (--context)`);
    }
  }
  const place = (path: string): string => (isAbsolute(path) || path.startsWith('~') ? path : join(root, path));
  const own = (use.secrets ?? []).map((secret) =>
    'file' in secret ? `id=${secret.id},src=${place(secret.file)}` : `id=${secret.id},env=${secret.variable}`,
  );
  const given = new Set(flags.secrets.map(idOf));
  const contexts: Record<string, string> = {};
  for (const [name, context] of Object.entries(use.contexts ?? {})) {
    if (isOtherBuild(context)) notes.push(`the context ${name} is another build (${context}) and is not given`);
    else contexts[name] = /^[\w-]+:/.test(context) ? context : place(context);
  }
  const args = argsOf(use, variablesOf);
  for (const [key, value] of Object.entries(args)) {
    const given = flags.args.some((arg) => arg === key || arg.startsWith(`${key}=`));
    if (value === undefined && use.by === 'compose' && !given)
      notes.push(`the build argument ${key} has no value here`);
  }
  for (const arg of flags.args) {
    const equals = arg.indexOf('=');
    args[equals < 0 ? arg : arg.slice(0, equals)] = equals < 0 ? undefined : arg.slice(equals + 1);
  }
  return {
    dockerfile: project.dockerfile,
    context: flagged?.dir ?? use.dir,
    target: flags.target ?? use.target,
    args,
    secrets: [...own.filter((secret) => !given.has(idOf(secret))), ...flags.secrets],
    ssh: [...(use.ssh ?? []), ...flags.ssh],
    contexts,
    options: use.network === undefined ? [] : [`--network=${use.network}`],
    use,
    notes,
  };
}
