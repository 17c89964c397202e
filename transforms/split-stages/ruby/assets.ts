/** Rails with a front end: the packages of Node are installed and the assets built in the builder. */
import { posix } from 'node:path';
import { FRONT_END_TOOLS, NODE_GEMS } from '../../../src/knowledge/front-end-tools.ts';
import type { Task, View } from '../types.ts';
import { FRONT_END, folderOf, isBelow, type WholeFolder, wholeFolder } from '../whole-folder.ts';
import type { Gems } from './gems.ts';

/** The folder of the application with what is built in it; undefined: no packages of Node are installed beside a Gemfile. */
export function assetsOf(
  view: View,
  { bundles }: Gems,
  folders: readonly string[],
  fills: ReadonlySet<Task>,
): WholeFolder | undefined {
  const tasks = view.steps.flatMap((step) => step.tasks);
  const installed = tasks.filter((task) => isFrontEnd(task) && task.call?.action === 'install');
  const [folder, ...more] = new Set(installed.map(folderOf));
  const isBeside = bundles.some(({ gemfile }) => gemfile !== undefined && posix.dirname(gemfile) === folder);
  if (folder === undefined || folder === '/' || more.length > 0 || !isBeside) return undefined;
  return wholeFolder(
    view,
    folder,
    folders,
    (_, task) => fills.has(task) || (isFrontEnd(task) && isBelow(folderOf(task), folder)) || runsCode(task, folder),
  );
}

const isFrontEnd = ({ call, effect }: Task): boolean =>
  call !== undefined && FRONT_END.has(call.manager) && !call.global && effect !== 'none';

/** `bundle exec rails assets:precompile`, `bin/rails assets:precompile`, `bootsnap precompile app/`. */
const runsCode = ({ effect, cwd }: Task, folder: string): boolean => effect === 'app' && isBelow(cwd, folder);

/** System packages that only the build of the front end starts: with RAILS_ENV=production nothing is built at a request. */
export function spareNode(view: View, { names }: Gems): ReadonlySet<string> {
  const { runtime, stage } = view;
  const isProduction = ['RAILS_ENV', 'RACK_ENV'].some((name) => stage.end.env.get(name) === 'production');
  const isStarted = FRONT_END_TOOLS.some(({ program }) => runtime.uses(program)) || runtime.uses('npx') !== undefined;
  const gem = NODE_GEMS.starting.find((name) => names.has(name));
  const isReplaced = gem === 'execjs' && NODE_GEMS.instead.some((name) => names.has(name));
  if (!isProduction || isStarted || (gem !== undefined && !isReplaced)) return new Set();
  return new Set(FRONT_END_TOOLS.flatMap(({ packages }) => packages));
}
