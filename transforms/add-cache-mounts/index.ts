/** Package managers keep what they download in cache mounts: outside of the image, and there when the layer is built again. */
import { defineTransform } from '../../src/transform.ts';
import { DECLINES } from './declines.ts';
import { report } from './report.ts';
import { settle } from './settle.ts';

export const addCacheMounts = defineTransform({
  name: 'add-cache-mounts',
  summary: 'Keep what package managers download in cache mounts instead of layers',
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
    const { slots, declines } = settle(document, project, options);
    yield* declines;
    yield* report(document, slots);
  },
});
