/**
 * Package managers keep what they download in cache mounts: outside of the image, and there when the layer is built again.
 *
 *     find.ts    which package managers are in which RUN
 *     decide.ts  the mounts of one of them, or why none: managers.ts, target.ts, apt.ts, needs.ts, disabled.ts
 *     settle.ts  what several RUNs have to agree on: slots.ts, apt-packages.ts
 *     write.ts   the RUN as it will be: draft.ts, kills.ts
 *     report.ts  changes and declines
 */
import { defineTransform } from '../../src/transform.ts';
import { DECLINES } from './declines.ts';
import { candidates } from './find.ts';
import { report } from './report.ts';
import { settle } from './settle.ts';

export const addCacheMounts = defineTransform({
  name: 'add-cache-mounts',
  summary: 'Keeps what package managers download in cache mounts instead of layers',
  docs: {
    what: 'Gives every RUN that installs packages a cache mount for what its package manager downloads, and takes away what would empty or turn off that cache.',
    why: 'When a lock file changes, the layer is built again from nothing and every package is fetched again. A cache mount survives that, and nothing of it is in the image.',
    example: {
      before:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n',
      after:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install -r requirements.txt\n',
    },
  },
  options: {
    apk: {
      kind: 'choice',
      choices: ['keep', 'mount'],
      default: 'keep',
      help: 'keep: leave apk as it is. mount: replace --no-cache by a cache mount on /etc/apk/cache',
    },
  },
  mayChange: ['env'],
  declines: DECLINES,
  *plan(document, { project, options }) {
    const { uses, declines } = candidates(document, project);
    yield* declines;
    yield* report(document, settle(document, project, uses, { apk: String(options.apk) }));
  },
});
