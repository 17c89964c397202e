/** The stage that is run starts from a smaller variant of its image: slim, Alpine, or one without a shell. */
import type { ContractKey } from '../../src/contract.ts';
import { defineTransform } from '../../src/transform.ts';
import { toAlpine } from './alpine/index.ts';
import { toChiseled } from './shell-less/chiseled.ts';
import { toDistroless } from './shell-less/distroless.ts';
import { toSlim } from './slim.ts';
import { productStages } from './stages.ts';
import { DECLINES } from './types.ts';

const TARGETS = { slim: toSlim, alpine: toAlpine, distroless: toDistroless, chiseled: toChiseled } as const;

/** Less than the whole list for each target: what else differs is a fault, and discards the change. */
const MAY_CHANGE = {
  slim: ['base'],
  // numbers of accounts, ENV for cultures, SHELL, the paths of programs
  alpine: ['base', 'user', 'env', 'shell', 'entrypoint', 'cmd'],
  // a program that CMD is handed to, and no names of accounts
  distroless: ['base', 'user', 'entrypoint', 'cmd', 'copies'],
  // runs as an account of its own
  chiseled: ['base', 'user'],
} as const satisfies Readonly<Record<keyof typeof TARGETS, readonly ContractKey[]>>;

export const swapBase = defineTransform({
  name: 'swap-base',
  summary: 'Starts the stage that is run from the slim variant of its image, or from a smaller one on request',
  docs: {
    what: 'python:3.12 becomes python:3.12-slim, node:22 becomes node:22-slim, and so with ruby, rust and debian, in stages that are run in the end: where every package can be installed without a compiler, and the programs and libraries of the full image that something uses are installed by name. The version stays, and the distribution with it. Stages that only build keep the full image, and what has to be compiled is left to split-stages. With target=alpine the stage moves to Alpine with all that is built for it: installs of packages, accounts, shells and cache mounts, in every stage whose results it copies. That is risky, unless every package is known to run on musl: by the names in lock files, or by the tables. target=distroless (node, java, programs of Go and Rust) and target=chiseled (.NET) are for stages without RUN that start by an exec form.',
    why: 'A full image holds compilers, header files and the sources of a hundred libraries: most of its bytes are downloaded at every deployment and never used, and their security findings are yours.',
    example: {
      before:
        'FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n\nFROM node:22\nWORKDIR /app\nCOPY --from=build /app/dist ./dist\nCMD ["node", "dist/server.js"]\n',
      after:
        'FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n\nFROM node:22-slim\nWORKDIR /app\nCOPY --from=build /app/dist ./dist\nCMD ["node", "dist/server.js"]\n',
      files: {
        'package.json': '{"name":"api","version":"1.0.0","scripts":{"build":"node build.js"}}\n',
        'package-lock.json':
          '{"name":"api","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"api","version":"1.0.0"}}}\n',
      },
    },
  },
  options: {
    target: {
      kind: 'choice',
      choices: ['slim', 'alpine', 'distroless', 'chiseled'],
      default: 'slim',
      help: 'which variant: slim (the same distribution), alpine (another C library: every stage moves with it), distroless or chiseled (no shell; chiseled is for .NET)',
    },
  },
  mayChange: ['base', 'user', 'env', 'shell', 'entrypoint', 'cmd', 'copies'],
  mayChangeWith: ({ target }) => MAY_CHANGE[target as keyof typeof TARGETS],
  declines: DECLINES,
  *plan(document, { project, options }) {
    if (document.escape === '`') return;
    const products = productStages(document, project);
    for (const stage of products) {
      const answer = TARGETS[options.target as keyof typeof TARGETS](document, project, stage, products);
      if (answer) yield answer;
    }
  },
});
