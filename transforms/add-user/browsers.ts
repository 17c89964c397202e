/** Browsers that puppeteer fetches when it is installed: they lie in the home folder of root. */
import { posix } from 'node:path';
import { lineage } from '../../src/document/lineage.ts';
import { joinPath } from '../../src/document/state.ts';
import type { Document, Instruction, Stage } from '../../src/document.ts';
import { INSTALLS_IN_HOME } from '../../src/knowledge/node-packages.ts';
import { type NodeFacts, nodeFacts } from '../../src/project/node.ts';
import { originOf } from '../../src/project/origin.ts';
import type { Project } from '../../src/project/project.ts';
import type { RuntimeFacts } from '../../src/project/runtime.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { stop } from './declines.ts';

const MANAGERS = new Set(['npm', 'yarn', 'pnpm', 'bun']);
/** Older releases keep it beside themselves in node_modules. Source: puppeteer/puppeteer:CHANGELOG.md, 19.0.0. */
const FIRST_IN_HOME = 19;
/** The release in a lock file of npm, yarn, or pnpm. */
const LOCKED =
  /"node_modules\/puppeteer":\s*\{\s*"version":\s*"(\d+)|^"?puppeteer@[^\n]*:\r?\n\s+version:?\s+"?(\d+)|^\s+'?\/?puppeteer@(\d+)/m;
const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml'];
const PACKAGES = [...INSTALLS_IN_HOME].filter(([, { skip }]) => skip.test('PUPPETEER_SKIP_DOWNLOAD'));

/** @throws Stop where an install of this stage puts the browser of puppeteer where only root can go */
export function checkBrowsers(document: Document, project: Project, stage: Stage, runtime: RuntimeFacts): void {
  // PUPPETEER_CACHE_DIR, PUPPETEER_EXECUTABLE_PATH, PUPPETEER_SKIP_DOWNLOAD: it is elsewhere, or another one
  if (stage.end.env.names().some((name) => name.startsWith('PUPPETEER_'))) return;
  if (project.contexts.some(({ service }) => /PUPPETEER_/.test(JSON.stringify(service?.fields.environment ?? ''))))
    return;
  for (const run of lineage(stage).flatMap(({ instructions }) => instructions)) {
    const facts = run.keyword === 'RUN' ? installed(document, project, stage, run) : undefined;
    const name = facts && packageOf(project, facts);
    if (!facts || name === undefined || isMoved(project, facts)) continue;
    // a browser that runs elsewhere is only connected to
    const starts = name !== 'puppeteer' || runtime.find(/\blaunch\w*\s*\(/) !== undefined;
    if (!starts || runtime.find(/\bexecutablePath\s*[:=]/)) return;
    const line = document.originLine(run.start);
    stop('root-home', `line ${line} installs ${name}, whose browser comes into the home folder of root`);
  }
}

/** The package that a RUN installs for, with the scripts of its dependencies. */
function installed(document: Document, project: Project, stage: Stage, run: Instruction): NodeFacts | undefined {
  for (const command of run.script?.commands ?? []) {
    const call = invocation(command);
    if (!call || !MANAGERS.has(call.manager) || call.action !== 'install' || call.global || call.cwdUnknown) continue;
    if (call.flags.some(({ literal }) => literal === '--ignore-scripts')) continue;
    const folder = joinPath(run.state.workdir, call.cwd ?? '.');
    const manifest = folder && originOf(document, project, stage, posix.join(folder, 'package.json'));
    const facts = manifest
      ? nodeFacts(project, posix.dirname(manifest) === '.' ? '' : posix.dirname(manifest))
      : undefined;
    if (facts && facts !== 'broken') return facts;
  }
  return undefined;
}

/** The dependency that brings puppeteer in a release that keeps its browser in the home folder. */
function packageOf(project: Project, { dependencies, dir }: NodeFacts): string | undefined {
  const own = dependencies.filter(({ group }) => group !== 'devDependencies');
  const found = PACKAGES.map(([name]) => own.find((it) => it.name === name)).find((it) => it !== undefined);
  if (!found) return undefined;
  const lock = LOCKS.map((name) => LOCKED.exec(project.read(posix.join(dir, name)) ?? '')).find((it) => it !== null);
  const written = found.name === 'puppeteer' ? /\d+/.exec(found.spec)?.[0] : undefined;
  const release = lock ? (lock[1] ?? lock[2] ?? lock[3]) : written;
  return release !== undefined && Number(release) < FIRST_IN_HOME ? undefined : found.name;
}

/** `.puppeteerrc.cjs`, `puppeteer.config.js`, `"puppeteer": { "cacheDirectory": .. }` of package.json */
const isMoved = (project: Project, { dir, text }: NodeFacts): boolean =>
  /"cacheDirectory"/.test(text) ||
  project.list(dir).some((name) => /^\.puppeteerrc(?:\.|$)|^puppeteer\.config\./.test(name));
