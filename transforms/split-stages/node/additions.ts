/** The new lines of a split: what the runtime stage takes over, what takes the devDependencies away, the stages between. */
import type { Instruction } from '../../../src/document.ts';
import { installRun } from '../packages.ts';
import type { Addition, View } from '../types.ts';
import type { Placed } from './place.ts';
import { type Cut, DEPENDENCIES, PRODUCTION } from './stages.ts';

/** Where corepack keeps the package managers that it fetched for root. Source: nodejs/corepack:README.md, November 2026. */
const COREPACK_HOME = '/root/.cache/node/corepack';

export interface Parts {
  readonly placed: Placed;
  /** The command that takes the devDependencies away, and the instruction that it goes before. */
  readonly prune: string | undefined;
  readonly pruneAt: Instruction | undefined;
  readonly cut: Cut | undefined;
  /** Folders that the runtime stage takes over. */
  readonly roots: readonly string[];
  /** System packages that it lacks. */
  readonly missing: readonly string[];
  /** Whether NODE_ENV=production is new. */
  readonly setsProduction: boolean;
}

export function additionsOf(
  view: View,
  { placed, prune, pruneAt, cut, roots, missing, setsProduction }: Parts,
): Addition[] {
  const { keyword, builder, stage } = view;
  const { after } = placed;
  const copy = (name: string, path: string): string => `${keyword('COPY')} --from=${name} ${path} ${path}`;
  const corepack = placed.corepack ? [copy(builder, COREPACK_HOME)] : [];
  const env = setsProduction ? [`${keyword('ENV')} NODE_ENV=production`] : [];
  const additions: Addition[] = [];
  if (missing.length > 0)
    additions.push({ stage: 'runtime', before: stage.instructions[0], text: installRun(view, missing) });
  const run = `${keyword('RUN')} ${prune}`;
  const [packages = '', ...outputs] = cut?.beside.folders ?? [];
  if (!cut?.builds) {
    if (prune !== undefined) additions.push({ stage: 'builder', before: cut?.at ?? pruneAt, text: run });
    const taken = cut ? cut.beside.folders : roots;
    const copies = [...env, ...taken.map((path) => copy(builder, path)), ...corepack];
    return [...additions, { stage: 'runtime', before: after, text: copies.join('\n') }];
  }
  const from = (name: string): string => `${keyword('FROM')} ${DEPENDENCIES} ${keyword('AS')} ${name}`;
  const repeats = cut.repeats.map(({ start, end }) => view.document.text.slice(start, end).replaceAll('\r\n', '\n'));
  const production: Addition[] =
    prune === undefined
      ? []
      : [{ stage: 'builder', before: undefined, text: `${from(PRODUCTION)}\n${run}`, opens: true }];
  const source = prune === undefined ? DEPENDENCIES : PRODUCTION;
  return [
    ...additions,
    { stage: 'builder', before: cut.at, text: [from(builder), ...repeats].join('\n'), opens: true },
    ...production,
    { stage: 'runtime', before: cut.at, text: [...env, copy(source, packages), ...corepack].join('\n') },
    {
      stage: 'runtime',
      before: after,
      text: [...cut.beside.generated, ...outputs].map((path) => copy(builder, path)).join('\n'),
    },
  ];
}
