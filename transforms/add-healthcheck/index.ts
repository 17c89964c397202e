/** A HEALTHCHECK for images whose process listens: on the port and path that the files at hand prove. */
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Decline, Evidence, Level } from '../../src/edit.ts';
import type { Startup } from '../../src/knowledge/servers.ts';
import type { Project } from '../../src/project/project.ts';
import { type Service, serviceOf } from '../../src/project/service.ts';
import { defineTransform } from '../../src/transform.ts';
import { otherPort } from './compose-port.ts';
import { brokenTests } from './compose-test.ts';
import { DECLINES } from './declines.ts';
import { obstacleOf } from './obstacles.ts';
import { healthcheckEdit, type Timing } from './place.ts';
import { type Probe, probeOf } from './probe.ts';
import { type Tool, toolsOf } from './tool.ts';

export const addHealthcheck = defineTransform({
  name: 'add-healthcheck',
  summary: 'Adds a HEALTHCHECK on the port and path that the service really answers on',
  docs: {
    what: 'The final stage of a service gets a HEALTHCHECK that its image can run: wget of busybox, node, python, ruby, curl where it is, bash. The port comes from the start command, configuration, source code or the default of the server, the path from the routes of the source; without a path for sure the probe only connects. Workers, jobs, command line tools and whatever cannot be established get none, with the reason.',
    why: 'A container whose process hangs still counts as running. With a health check the engine, compose and load balancers know, wait for it to be ready, and replace it.',
    example: {
      before:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nEXPOSE 8000\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]\n',
      after:
        'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nEXPOSE 8000\nHEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \\\n    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen(\'http://127.0.0.1:8000/health\')"]\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]\n',
      files: {
        'main.py':
          'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/health")\ndef health():\n    return {"status": "ok"}\n',
        'requirements.txt': 'fastapi==0.128.0\nuvicorn==0.40.0\n',
      },
    },
  },
  options: {
    interval: { kind: 'string', default: '30s', help: 'time between two probes' },
    timeout: { kind: 'string', default: '5s', help: 'time after which a probe has failed' },
    'start-period': {
      kind: 'string',
      default: 'auto',
      help: 'time in which failures do not count; auto: 10s, 20s for interpreters, 60s for the JVM, .NET and Rails, 120s for models',
    },
    retries: { kind: 'string', default: '3', help: 'failures in a row that make it unhealthy' },
    path: { kind: 'string', default: '', help: 'a path that answers 200 when the service is well, for every service' },
  },
  mayChange: ['healthcheck'],
  declines: DECLINES,
  *plan(document, { project, options }) {
    const last = document.stages.at(-1)?.from;
    for (const broken of last ? brokenTests(project) : []) {
      yield { ...broken, at: { start: last?.start ?? 0, end: last?.headEnd ?? 0 } };
    }
    for (const stage of wanted(document, project)) {
      const at = { start: stage.from.start, end: stage.from.headEnd };
      const planned = planStage(document, project, stage, options);
      if (planned) yield 'code' in planned ? { ...planned, at } : { ...planned, at };
    }
  },
});

/** The stages that become containers: the last one, and those that somebody builds by name. */
function wanted(document: Document, project: Project): readonly Stage[] {
  const targets = project.targets.flatMap((name) => document.stageNamed(name) ?? []);
  const last = document.stages.at(-1);
  const all = [...new Set([...targets, ...(last ? [last] : [])])].sort((a, b) => a.index - b.index);
  // a stage that only adds to another one of them inherits what that one gets
  const startsOther = ({ instructions }: Stage) =>
    instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  return all.filter((stage) => startsOther(stage) || !all.some((it) => it !== stage && lineage(stage).includes(it)));
}

type Options = Readonly<Record<'interval' | 'timeout' | 'start-period' | 'retries' | 'path', string>>;

function planStage(
  document: Document,
  project: Project,
  stage: Stage,
  options: Options,
): Omit<Change, 'at'> | Omit<Decline, 'at'> | undefined {
  const wrong = wrongOption(options);
  if (wrong !== undefined) return { code: 'option-invalid', why: wrong };
  const obstacle = obstacleOf(document, project, stage);
  if (obstacle) return obstacle === 'nothing-to-do' ? undefined : obstacle;
  const service = serviceOf(document, project, stage);
  if (service.kind === 'none') {
    return isForOthers(stage) ? undefined : { code: service.code, why: sentence(service.why) };
  }
  const other = otherPort(document, project, stage, service);
  if (other) return other;
  const path = options.path !== '' ? options.path : service.speaks === 'http' ? service.path?.path : undefined;
  const question = { port: service.port, path, hasProxy: hasProxy(stage) };
  const [first] =
    ownProbe(service) ??
    toolsOf(document, stage, service.interpreter).flatMap((tool) => {
      const probe = probeOf(tool, question);
      return probe ? [{ tool, probe }] : [];
    });
  if (!first)
    return { code: 'no-probe-tool', why: `Nothing in ${stage.fromWord.value} is known that could ask the port.` };
  const { tool, probe } = first;
  const shell = 'shell' in probe ? shellProblem(stage) : undefined;
  if (shell !== undefined) return { code: 'no-shell', why: shell };
  return change(document, stage, service, tool, probe, path, options);
}

function change(
  document: Document,
  stage: Stage,
  service: Service,
  tool: Tool,
  probe: Probe,
  path: string | undefined,
  options: Options,
): Omit<Change, 'at'> {
  const { port, name } = service;
  const timing: Timing = {
    interval: options.interval,
    timeout: options.timeout,
    startPeriod: options['start-period'] === 'auto' ? START_PERIODS[service.startup] : options['start-period'],
    retries: options.retries,
  };
  const doubts = doubtsOf(service);
  const level: Level = doubts.length > 0 ? 'risky' : 'review';
  const isOwn = tool.name === 'own';
  const answers =
    path === undefined ? `port ${port.number} takes connections` : `${path} on port ${port.number} answers`;
  const asks = isOwn && service.own ? `${service.own.words.join(' ')} succeeds` : answers;
  const found = path === undefined && !isOwn ? whyNoPath(service) : '';
  const evidence: Evidence[] = [
    ...service.evidence,
    ...(service.path && !isOwn && path === service.path.path ? [service.path.evidence] : []),
    tool.evidence,
  ];
  return {
    title: `HEALTHCHECK asks whether ${asks}`,
    why: [`That is where ${name} listens.`, found, ...doubts].filter((it) => it !== '').join(' '),
    evidence: unique(evidence),
    level,
    edits: [healthcheckEdit(document, stage, probe, timing)],
  };
}

const START_PERIODS: Readonly<Record<Startup, string>> = {
  quick: '10s',
  interpreted: '20s',
  jvm: '60s',
  model: '120s',
};

function whyNoPath({ speaks, pathDoubt }: Service): string {
  if (pathDoubt !== undefined) return sentence(`It only connects: ${pathDoubt}`);
  return speaks === 'http' ? 'It only connects: no path was found that answers 200 for sure.' : '';
}

/** The program's own health check, where its source has one. */
const ownProbe = ({ own }: Service): { tool: Tool; probe: Probe }[] | undefined =>
  own && [
    { tool: { name: 'own', program: own.words[0] as string, evidence: own.evidence }, probe: { words: own.words } },
  ];

/** Neither a command nor a port is written: an image to build on, or to look around in, and no service at all. */
const isForOthers = (stage: Stage): boolean =>
  !lineage(stage).some(({ instructions }) =>
    instructions.some(({ keyword }) => /^(?:CMD|ENTRYPOINT|EXPOSE)$/.test(keyword)),
  );

/** An option that would break the instruction. */
function wrongOption(options: Options): string | undefined {
  const { interval, timeout, retries, path, 'start-period': startPeriod } = options;
  const times = { interval, timeout, ...(startPeriod !== 'auto' && { 'start-period': startPeriod }) };
  const time = Object.entries(times).find(([, value]) => !/^(?:\d+(?:ms|s|m|h))+$/.test(value));
  if (time) return `${time[0]} is a time like 30s or 1m30s, not ${time[1]}.`;
  if (!/^\d+$/.test(retries)) return `retries is a number, not ${retries}.`;
  return path === '' || /^\/[\w./~%?=&-]*$/.test(path)
    ? undefined
    : `path begins with a slash and has no blanks or quotes, unlike ${path}.`;
}

/** What could not be established. */
function doubtsOf({ port }: Service): string[] {
  const doubts: string[] = [];
  if (port.from === 'expose')
    doubts.push('EXPOSE alone names the port: nothing that was read says that the process listens on it.');
  if (port.doubt !== undefined) doubts.push(`${port.doubt}: one of the two is out of date.`);
  return doubts;
}

/** A text for the shell needs one that is known. */
function shellProblem(stage: Stage): string | undefined {
  if (stage.end.shell === 'opaque')
    return 'The probe needs a shell to fill in a variable, and the image has none that is known.';
  return undefined;
}

/** Whether the image sets a proxy for the process. */
function hasProxy(stage: Stage): boolean {
  return ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].some((name) => stage.end.env.has(name));
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function unique(evidence: readonly Evidence[]): Evidence[] {
  const key = ({ file, line, says }: Evidence) => `${file}:${line}:${says}`;
  return evidence.filter((it, i) => evidence.findIndex((other) => key(other) === key(it)) === i);
}
