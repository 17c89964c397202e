/** Installs take what the lock file names, and stop where it and the manifest disagree; packages by name get a version. */
import { type Change, type Edit, LEVELS } from '../../src/edit.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { defineTransform } from '../../src/transform.ts';
import { CARGO } from './cargo.ts';
import { handsOutLock, type Install, installs } from './find.ts';
import { GO } from './go.ts';
import { type LockedRow, lockedPlan } from './locked.ts';
import { namedPlans } from './named.ts';
import { isNodeInstall, nodePlan } from './node.ts';
import { COMPOSER } from './php.ts';
import { PDM, PIPENV, UV } from './python.ts';
import { isRequirementsInstall, requirementsAdvice } from './requirements.ts';
import { BUNDLER } from './ruby.ts';

const LOCKED: readonly LockedRow[] = [CARGO, BUNDLER, COMPOSER, UV, PDM, PIPENV, GO];

export const pinPackages = defineTransform({
  name: 'pin-packages',
  summary: 'Installs exactly what the lock file names',
  docs: {
    what: 'npm install beside a lock file becomes npm ci, yarn install gets --frozen-lockfile (yarn 1) or --immutable, pnpm and bun install --frozen-lockfile, cargo build, fetch and install --path --locked, bundle install BUNDLE_FROZEN, uv sync --locked, pdm install --check, pipenv install --deploy, composer update becomes composer install, go mod tidy go mod download and go build -mod=mod go build (both risky), where the lock file holds what the manifest asks for. A package-lock.json that is there and not copied is copied with package.json. What is installed by its name alone (pip install, npm install -g, gem install, go install x@latest, cargo install; apt and apk on request) gets the version that a lock file, a manifest or redock.lock names; where nothing does, it says what would.',
    why: 'An install that may change the lock file gives another image on another day; one that may not stops where the two disagree, and says so in the build.',
    example: {
      before: 'FROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm install\nCOPY . .\n',
      after: 'FROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\n',
      files: {
        'package.json': '{"name": "app", "dependencies": {"express": "^5.1.0"}}\n',
        'package-lock.json':
          '{"name": "app", "lockfileVersion": 3, "packages": {"": {"name": "app", "dependencies": {"express": "^5.1.0"}}, "node_modules/express": {"version": "5.1.0"}}}\n',
      },
    },
  },
  options: {
    advice: { kind: 'boolean', default: true, help: 'report packages that are installed without a version' },
    apt: {
      kind: 'boolean',
      default: false,
      help: 'write the versions of apt and apk packages that redock.lock names; mirrors drop old versions, and the build stops then',
    },
  },
  mayChange: ['copies'],
  declines: {
    'manifest-unknown': 'which manifest the install reads is not known',
    'manifest-changed': 'a command before it may change the manifest or the lock file',
    'lock-not-copied': 'the lock file does not reach the image and cannot be added to a COPY',
    'lock-ignored': 'the lock file is switched off',
    'lock-differs': 'the lock file does not hold what the manifest asks for',
    'lock-unclear': 'the lock file and the manifest cannot be compared',
    'lock-exported': 'the stage makes a new lock file, which another stage hands out of the build',
    'version-unfit': 'the package manager that runs cannot install from this lock file',
    'earlier-install': 'packages were installed before it, which npm ci would remove',
    'versions-conflict': 'files of the project name different versions of a package',
    'version-unknown': 'versions of system packages are wished for, and redock.lock names none',
    'modules-mounted': 'node_modules is a mount or a volume, which npm ci cannot remove',
  },
  *plan(document, { project, options }) {
    if (document.escape === '`') return;
    // installs that need the same lock file to be copied are one change: none of them works without it
    const changes = new Map<number, Change>();
    const listed: Install[] = [];
    const rowOf = (call: Invocation) => LOCKED.find((it) => it.isInstall(call));
    const wanted = (call: Invocation) =>
      isNodeInstall(call) || isRequirementsInstall(call) || rowOf(call) !== undefined;
    for (const install of installs(document, project, wanted)) {
      if (isRequirementsInstall(install.call)) {
        listed.push(install);
        continue;
      }
      if (handsOutLock(document, install.stage)) {
        yield { code: 'lock-exported', why: 'the lock file that it makes is handed out of the build', at: install.at };
        continue;
      }
      const row = rowOf(install.call);
      const plan = row ? lockedPlan(document, project, install, row) : nodePlan(document, project, install);
      if (!plan) continue;
      if ('code' in plan) yield { ...plan, at: install.at };
      else {
        const key = (plan.edits[0] as Edit).start;
        const known = changes.get(key);
        changes.set(key, known ? joined(known, plan) : plan);
      }
    }
    yield* changes.values();
    yield* namedPlans(document, project, { apt: options.apt === true, advice: options.advice === true });
    if (options.advice) yield* requirementsAdvice(project, listed);
  },
});

/** Two changes whose first edit is the same one. */
function joined(a: Change, b: Change): Change {
  const level = LEVELS.indexOf(a.level) < LEVELS.indexOf(b.level) ? b.level : a.level;
  return { ...a, level, edits: [...a.edits, ...b.edits.slice(1)] };
}
