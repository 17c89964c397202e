/** A small project and transforms of its own, with which verify is tried on every engine. */
import type { EngineName } from '../../src/verify/engine.ts';

/** Options of every build: an engine without a bridge needs the network of the machine. */
export const BUILD_OPTIONS = (process.env.REDOCK_E2E_BUILD_OPTIONS ?? '--network=host').split(' ').filter(Boolean);
export const BASE = process.env.REDOCK_E2E_BASE ?? 'debian:bookworm-slim';
/** docker, or another engine: `podman`. The client's own variables (DOCKER_HOST, STORAGE_DRIVER) say the rest. */
export const ENGINE = process.env.REDOCK_E2E_ENGINE as EngineName | undefined;

/** Replaces words in RUN: each line of the Dockerfile is a change. `sorted` is what a good transform does, `false` breaks. */
const WORDS = `
const swap = (name, from, to) => ({
  name, summary: name, docs: { what: name, why: name, example: { before: 'FROM alpine\\n', after: 'FROM alpine\\n' } },
  options: {}, mayChange: [], declines: {},
  *plan(document) {
    for (const { start, end } of document.instructions) {
      const at = document.text.indexOf(from, start);
      if (at < 0 || at >= end) continue;
      yield { title: from + ' becomes ' + to, why: 'the test says so', evidence: [], level: 'safe', at: { start, end }, edits: [{ start: at, end: at + from.length, text: to }] };
    }
  },
});
`;
const transform = (name: string, from: string, to: string): string =>
  `${WORDS}export default swap('${name}', '${from}', '${to}');\n`;

export const DOCKERFILE = `FROM ${BASE}
WORKDIR /app
COPY . .
RUN head -c 20000000 /dev/zero > /waste && echo one
RUN echo two
RUN echo three
CMD ["true"]
`;
export const PROJECT = {
  'web/Dockerfile': DOCKERFILE,
  'web/requirements.txt': 'nothing\n',
  'web/app.py': 'print(1)\n',
  'shrink.mjs': transform('shrink', 'head -c 20000000', 'head -c 200'),
  'break.mjs': transform('break-it', 'echo two', 'echo two; false'),
  'rename.mjs': transform('rename', 'echo three', 'echo four'),
};

/** The arguments of `redock verify web` with some of the transforms; `engine`: absent, the first that answers. */
export const command = (use: readonly string[], more: readonly string[], engine = ENGINE): string[] => [
  'verify',
  'web',
  '--no-config',
  ...use.flatMap((name) => ['--use', `${name}.mjs`]),
  '--only',
  use.map((name) => ({ shrink: 'shrink', break: 'break-it', rename: 'rename' })[name]).join(','),
  ...BUILD_OPTIONS.map((option) => `--build-option=${option}`),
  ...(engine === undefined ? [] : ['--engine', engine]),
  ...more,
];
