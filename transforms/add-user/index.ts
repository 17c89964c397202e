/**
 * The container runs as nobody special.
 *
 *     needs-root.ts  what says that it has to start as root
 *     root-home.ts   files that only root can reach
 *     account.ts     whom it runs as
 *     folders.ts     what it has to be able to write
 *     doubts.ts      what cannot be established
 *     fetched.ts     programs whose source is fetched by the build
 *     write.ts       the edits
 */

import { lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Decline } from '../../src/edit.ts';
import { builtStage } from '../../src/project/built-stage.ts';
import type { Project } from '../../src/project/project.ts';
import { runtimeFacts } from '../../src/project/runtime.ts';
import { type Call, codeCalls, startCalls } from '../../src/project/start-calls.ts';
import { writesOf } from '../../src/project/writes.ts';
import { defineTransform } from '../../src/transform.ts';
import { chooseAccount, type Wanted, wanted } from './account.ts';
import { checkBrowsers } from './browsers.ts';
import { DECLINES, Stop, stop } from './declines.ts';
import { describe } from './describe.ts';
import { gitDoubt, lowPort, privilegeDoubt, programDoubts, syncDoubt } from './doubts.ts';
import { fetchedDoubt } from './fetched.ts';
import { ownership } from './folders.ts';
import { checkCalls, checkImage, checkServices, checkSettings, checkSurroundings } from './needs-root.ts';
import { checkModes, checkRootHome } from './root-home.ts';
import { edits } from './write.ts';

export const addUser = defineTransform({
  name: 'add-user',
  summary: 'Runs the container as an account that is not root',
  docs: {
    what: 'Names a USER in the final stage: the account that the image has for it, or a new one with a number that Kubernetes accepts. What the program writes to, as its source, its configuration and its compose file say, belongs to that account; everything else stays root’s.',
    why: 'A container runs as root unless it is told otherwise: who breaks into the program may change its code, and is root on everything that is mounted.',
    example: {
      before:
        'FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      after:
        'FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nUSER 1000:1000\nCMD ["node", "server.js"]\n',
      files: {
        'package.json': '{ "name": "web", "scripts": { "start": "node server.js" } }\n',
        'server.js': "require('node:http').createServer((_, answer) => answer.end('hello')).listen(3000);\n",
      },
    },
  },
  options: {
    uid: { kind: 'string', default: '10001', help: 'number of a new account' },
    gid: { kind: 'string', default: '', help: 'number of its group; the uid when it is empty' },
    name: { kind: 'string', default: 'app', help: 'name of a new account' },
  },
  mayChange: ['user', 'copies'],
  declines: DECLINES,
  *plan(document, { project, options }) {
    const stage = builtStage(document, project);
    if (!stage || !isRoot(stage)) return;
    const { from } = stage;
    const at = { start: from.start, end: from.headEnd };
    try {
      const wish = wanted({ uid: String(options.uid), gid: String(options.gid), name: String(options.name) });
      yield planned(document, project, stage, wish);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      yield { ...error.refusal, at } satisfies Decline;
    }
  },
});

/** Whether the process may be root, as far as is known: an unknown base image without a USER is. */
function isRoot(stage: Stage): boolean {
  const { user } = stage.end;
  // the administrator of a Windows image
  if (user && stage.base?.family === 'windows' && user.uid === stage.base.user.uid)
    return user.name !== 'ContainerUser';
  if (user) return user.uid === 0;
  const named = lineage(stage).some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'USER'));
  return !named || stage.base !== undefined;
}

/** @throws Stop */
function planned(document: Document, project: Project, stage: Stage, wish: Wanted): Change {
  checkStage(document, stage);
  checkImage(stage);
  checkSurroundings(project);
  checkServices(project);
  const runtime = runtimeFacts(project, stage, document);
  const calls = startCalls(project, runtime);
  if (!runtime.starts.some(({ by }) => by === 'CMD' || by === 'ENTRYPOINT' || by === 'compose')) {
    stop('no-start-command', 'neither CMD nor ENTRYPOINT nor a compose file says what it runs');
  }
  const shell =
    calls.length > 0 && calls.every(({ program, words }) => /^(?:ba|da|z|a)?sh$/.test(program) && words === '');
  if (shell) stop('no-start-command', `it starts ${calls[0]?.program}: it is an image to work in`);
  const [idle] = calls;
  if (idle && calls.every(waitsForEver))
    stop('no-start-command', `it starts ${idle.program} ${idle.words}: people work in it while it waits`);
  checkCalls(document, stage, runtime, calls);
  checkSettings(document, project, stage, calls);
  const root = lineage(stage).at(-1) as Stage;
  if (!stage.base) stop('base-unknown', `the account that ${root.fromWord.value} runs as is not known`);
  checkRootHome(document, stage, runtime, calls);
  checkBrowsers(document, project, stage, runtime);
  checkModes(document, stage);
  const started = codeCalls(project, runtime);
  const writes = writesOf(document, project, stage, calls, started);
  const account = chooseAccount(document, stage, wish);
  const owned = ownership(document, project, stage, writes);
  const port = lowPort(document, project, stage, runtime);
  const git = gitDoubt(project, stage, writes);
  const doubts = [
    ...programDoubts(document, project, stage, runtime, calls, writes),
    ...fetchedDoubt(document, stage),
    ...git,
    ...privilegeDoubt(writes, started),
    ...syncDoubt(project),
    ...owned.doubts,
    ...(port?.doubt ?? []),
  ];
  if (stage.base.shell === 'opaque' && (owned.folders.length > 0 || owned.workdir !== undefined)) {
    stop('no-shell', `${owned.workdir ?? owned.folders[0]} has to belong to the new user`);
  }
  return describe({
    document,
    stage,
    account,
    owned,
    writes,
    port,
    doubts,
    edits: edits(document, stage, account, owned),
  });
}

/** `sleep infinity`, `tail -f /dev/null` */
const waitsForEver = ({ program, words }: Call): boolean =>
  (program === 'sleep' && words === 'infinity') || (program === 'tail' && /^-[fF] \/dev\/null$/.test(words));

/** @throws Stop for what the Dockerfile alone says */
function checkStage(document: Document, stage: Stage): void {
  if (document.escape === '`' || stage.base?.family === 'windows' || /^windows/i.test(stage.platform ?? '')) {
    stop('windows', 'it is a Windows image');
  }
  const users = lineage(stage)
    .flatMap(({ instructions }) => [...instructions].reverse())
    .filter(({ keyword }) => keyword === 'USER');
  const [last] = users;
  if (!last) return;
  const line = document.originLine(last.start);
  if (!stage.end.user) stop('user-unknown', `USER ${last.args.text} (line ${line}) has no value`);
  stop('root-on-purpose', `line ${line} says USER ${last.args.text}`);
}
