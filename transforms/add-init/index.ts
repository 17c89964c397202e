/**
 * The container ends when it is told to.
 *
 *     exec.ts        the server takes the place of the shell that started it
 *     entrypoint.ts  an init in front of a process without a handler for SIGTERM, or with children of its own
 *     install.ts     how the init gets into the image
 *     compose.ts     `init: true` in its place
 */
import { posix } from 'node:path';
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Decline, Evidence } from '../../src/edit.ts';
import { NON_SERVICES } from '../../src/knowledge/non-services.ts';
import { DEVELOPMENT_IMAGES, isListed } from '../../src/knowledge/probe-tools.ts';
import { ROOT_PROGRAMS } from '../../src/knowledge/run-users.ts';
import { SERVERS } from '../../src/knowledge/servers.ts';
import { builtStage } from '../../src/project/built-stage.ts';
import { type Process, processOf } from '../../src/project/process.ts';
import type { Project } from '../../src/project/project.ts';
import { browserOf, hasInit, type Signals, signalsOf, strangeParent } from '../../src/project/signals.ts';
import { defineTransform } from '../../src/transform.ts';
import { composeInit } from './compose.ts';
import { DECLINES, type Refusal } from './declines.ts';
import { entrypointEdit } from './entrypoint.ts';
import { execOf } from './exec.ts';
import { installOf } from './install.ts';
import { startsOf } from './starts.ts';
import { killSignal, stopSignalChange } from './stop-signal.ts';

export const addInit = defineTransform({
  name: 'add-init',
  summary: 'Lets docker stop reach the process: exec in front of the server, tini, the signal that the server wants',
  docs: {
    what: 'Where a shell stays in front of a server that handles SIGTERM, the last command of CMD, ENTRYPOINT or the start script gets an exec. Where the process itself has no handler, or starts browsers whose helpers outlive them, tini from the packages of the distribution becomes process 1, with the ENTRYPOINT of the base image restated behind it; or the compose service gets init: true. Servers that finish what they are at on another signal (nginx, php-fpm, Apache, uWSGI) get a STOPSIGNAL where their image has none.',
    why: 'The kernel hands process 1 only the signals that it has a handler for, and a shell hands none on: docker stop waits ten seconds, then kills, and requests under way are lost.',
    example: {
      before:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD python manage.py migrate && gunicorn shop.wsgi --bind 0.0.0.0:8000\n',
      after:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD python manage.py migrate && exec gunicorn shop.wsgi --bind 0.0.0.0:8000\n',
    },
  },
  options: {
    with: {
      kind: 'choice',
      choices: ['package', 'compose'],
      default: 'package',
      help: 'where an init comes from: tini from the packages of the distribution, or init: true in the compose file',
    },
  },
  mayChange: ['entrypoint', 'cmd', 'stopsignal'],
  declines: DECLINES,
  *plan(document, { project, options }) {
    const stage = builtStage(document, project);
    if (!stage) return;
    const at = { start: stage.from.start, end: stage.from.headEnd };
    for (const planned of planStage(document, project, stage, String(options.with) === 'compose')) {
      yield 'code' in planned ? ({ ...planned, at } satisfies Decline) : planned;
    }
  },
});

function* planStage(
  document: Document,
  project: Project,
  stage: Stage,
  byCompose: boolean,
): Iterable<Change | Refusal> {
  const { entrypoint, command } = startsOf(stage);
  // what the base image starts by itself is its own matter
  if (!entrypoint && !command) return;
  const obstacle = obstacleOf(document, project, stage);
  if (obstacle) return yield obstacle;
  const kill = killSignal(document, stage);
  if (kill) yield kill;
  const process = processOf(document, project, stage);
  if ('code' in process) {
    const code = process.code === 'several-processes' ? 'several-processes' : 'start-unknown';
    return yield { code, why: sentence(process.why) };
  }
  const idle = idleOf(process);
  if (idle) return yield idle;
  const around = { document, project, stage, process };
  const signals = signalsOf(around);
  const shellStays = process.parents.includes('sh');
  const manager = process.parents.find((it) => /^(?:npm|yarn|pnpm)$/.test(it));
  const browser = browserOf(around);
  const wanted = browser !== undefined || (signals.handles === false && manager === undefined);
  if (wanted && !hasInit(process.parents)) {
    const init = initChange(document, project, stage, signals, browser, byCompose);
    yield init;
    // the shell stays between the init and the server
    const isLone = shellStays && process.parents.filter((it) => it === 'sh').length === 1;
    if ('edits' in init && isLone && signals.handles) {
      const exec = execChange(document, project, stage, process, signals, true);
      if ('edits' in exec) yield exec;
    }
    return;
  }
  if (manager !== undefined) {
    const why = `${manager} ends at once on SIGTERM, with an init as without one; what it runs gets its signals when CMD starts it directly.`;
    return yield { code: 'package-manager', why };
  }
  const strange = strangeParent(process.parents);
  if (strange !== undefined)
    return yield { code: 'signals-unknown', why: `Whether ${strange} hands signals on is not known.` };
  const signal = stopSignalChange(around);
  if (!shellStays) {
    if (signal) return yield signal;
    if (hasInit(process.parents)) return;
  }
  const isSignalled = signal !== undefined && 'edits' in signal;
  if (signals.handles === undefined && !isSignalled)
    return yield { code: 'signals-unknown', why: sentence(signals.says) };
  if (!shellStays || signals.handles === false) return yield { code: 'handles-signals', why: sentence(signals.says) };
  if (process.parents.filter((it) => it === 'sh').length > 1) {
    return yield {
      code: 'exec-not-possible',
      why: 'A shell starts another shell in front of it, and each would need an exec.',
    };
  }
  const says = signals.handles ? signals.says : `${process.program} ends by itself when it is told to`;
  const exec = execChange(document, project, stage, process, { ...signals, says });
  yield exec;
  // a shell in front would keep every signal to itself
  if (signal && 'edits' in exec) yield signal;
}

/** Programs keep their letters: `gunicorn ends ..`, `Which command ..`. */
function sentence(text: string): string {
  const isProse = /^(?:the|which|what|nothing|another|something|an?|scripts) /.test(text);
  return `${isProse ? text.charAt(0).toUpperCase() : text.charAt(0)}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** What speaks against a change before the process is looked at. */
function obstacleOf(document: Document, project: Project, stage: Stage): Refusal | undefined {
  const root = lineage(stage).at(-1) as Stage;
  if (document.escape === '`' || root.base?.family === 'windows' || /^windows/i.test(root.platform ?? '')) {
    return { code: 'windows', why: 'It is a Windows image.' };
  }
  const isDevelopment =
    /(?:^|\/)\.devcontainer(?:\/|$)/.test(posix.dirname(document.path)) ||
    /^(?:dev|development|devcontainer|debug|test|tests)$/i.test(stage.name ?? '') ||
    (root.image !== undefined && isListed(root.image, DEVELOPMENT_IMAGES));
  if (isDevelopment) return { code: 'dev-container', why: 'The image is for the time of writing or testing code.' };
  if (!stage.base)
    return { code: 'base-unknown', why: `${root.fromWord.value} is not a known image: it may have an init.` };
  const heir = document.stages.find((it) => it !== stage && lineage(it).includes(stage));
  if (heir) return { code: 'stage-is-a-base', why: `Stage ${heir.name ?? heir.index} starts from this one.` };
  const first = startsOf(stage).entrypoint?.words[0]?.value;
  if (first === '/init') return { code: 'supervisor', why: '/init is s6-overlay, which has to be process 1.' };
  const held = project.contexts.find(({ service }) => service?.fields.init === true);
  if (held) {
    return {
      code: 'compose-init',
      why: `${held.file}:${held.service?.lineOf('init')} gives the service ${held.name} an init.`,
    };
  }
  return undefined;
}

/** Programs that end by themselves, watch others, or are for the time of writing code. */
function idleOf({ program, args, interpreter }: Process): Refusal | undefined {
  const words = args.join(' ');
  const watcher = ROOT_PROGRAMS.find(({ code, programs }) => code === 'supervisor' && programs.test(program));
  if (watcher) return { code: 'supervisor', why: `${program} ${watcher.why}.` };
  if (interpreter !== undefined && /\.\w+$/.test(program) && program !== 'manage.py') return undefined;
  const row = NON_SERVICES.find((it) => it.programs.includes(program) && (!it.when || it.when.test(words)));
  const isDevelopment = SERVERS.some(
    (it) => it.development && it.programs.includes(program) && (!it.when || it.when.test(words)),
  );
  if ((row && row.kind !== 'worker' && row.kind !== 'scheduler') || isDevelopment) {
    return {
      code: 'not-a-service',
      why: `${[program, words].join(' ').trim()} ends by itself, or is for the time of writing code.`,
    };
  }
  return undefined;
}

function execChange(
  document: Document,
  project: Project,
  stage: Stage,
  process: Process,
  signals: Signals,
  isBehindInit = hasInit(process.parents),
): Change | Refusal {
  const found = execOf(document, project, stage);
  if (typeof found === 'string') return { code: 'exec-not-possible', why: sentence(found) };
  const { edit, at, command, evidence } = found;
  const shell = edit.file === undefined ? 'the shell' : `the shell of ${edit.file}`;
  const effect = isBehindInit
    ? `${shell} stays in front of it, ends by the signal of docker stop and leaves it to be killed at once.`
    : `${shell} stays as process 1 and hands the signal of docker stop to nobody, so that it is killed ten seconds later.`;
  return {
    title: `exec in front of ${command}`,
    why: `${signals.says}. But ${effect}`,
    evidence: unique([evidence, ...signals.evidence]),
    level: 'review',
    at,
    edits: [edit],
  };
}

function initChange(
  document: Document,
  project: Project,
  stage: Stage,
  signals: Signals,
  browser: Evidence | undefined,
  byCompose: boolean,
): Change | Refusal {
  if (!browser && signals.goesOn === false) {
    return { code: 'not-a-service', why: 'Nothing in the source says that it goes on until somebody stops it.' };
  }
  const reason = browser
    ? `${browser.file} starts browsers, whose helper processes nobody reaps without an init.`
    : `${sentence(signals.says)} As process 1 it never gets the signal of docker stop, and is killed ten seconds later.`;
  const evidence = browser ? [...signals.evidence.slice(0, 1), browser] : signals.evidence;
  const { entrypoint, command } = startsOf(stage);
  const place = command?.stage === stage ? command : entrypoint?.stage === stage ? entrypoint : stage.from;
  const at = { start: place.start, end: place.headEnd };
  if (byCompose) {
    const compose = composeInit(project);
    if ('code' in compose) return compose;
    const title = `init: true for ${compose.names.join(', ')}`;
    return {
      title,
      why: reason,
      evidence: unique([...evidence, ...compose.evidence]),
      level: 'review',
      at,
      edits: compose.edits,
    };
  }
  const install = installOf(document, stage);
  if ('code' in install) return install;
  const edit = entrypointEdit(document, stage, install.path);
  if ('code' in edit) return edit;
  return {
    title: `${posix.basename(install.path)} as process 1`,
    why: `${reason} ${sentence(`${install.says} hands signals on`)}`,
    evidence: unique([...evidence, ...install.evidence]),
    level: 'review',
    at,
    edits: [...install.edits, edit],
  };
}

function unique(evidence: readonly Evidence[]): Evidence[] {
  const key = ({ file, line, says }: Evidence) => `${file}:${line}:${says}`;
  return evidence.filter((it, i) => evidence.findIndex((other) => key(other) === key(it)) === i);
}
