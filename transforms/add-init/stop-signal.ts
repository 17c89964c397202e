/** STOPSIGNAL for servers that finish their work on another signal than SIGTERM, where no image says so yet. */
import { lineage } from '../../src/document/lineage.ts';
import { beforeStart } from '../../src/document/start-place.ts';
import { joinPath } from '../../src/document/state.ts';
import { likeKeyword } from '../../src/document/style.ts';
import type { Document, Stage } from '../../src/document.ts';
import type { Change, Evidence } from '../../src/edit.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import { SIGNALLED_IMAGES, STOP_SIGNALS, type StopSignalRow } from '../../src/knowledge/stop-signals.ts';
import { serviceFacts } from '../../src/project/compose-service.ts';
import { originOf } from '../../src/project/origin.ts';
import type { Process } from '../../src/project/process.ts';
import type { Surroundings } from '../../src/project/service.ts';
import type { Refusal } from './declines.ts';

/** `STOPSIGNAL SIGQUIT` for nginx of a package; undefined: SIGTERM is right, or the image has a signal of its own. */
export function stopSignalChange({ document, project, stage, process }: Surroundings): Change | Refusal | undefined {
  const root = lineage(stage).at(-1) as Stage;
  const isSet = lineage(stage).some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'STOPSIGNAL'));
  if (isSet || !root.image || hasSignal(root.image)) return undefined;
  const row = STOP_SIGNALS.find(({ programs }) => programs.test(process.program));
  const fact = row && applies({ document, project, stage, process }, row);
  if (!row || !fact) return undefined;
  for (const { service, file, name } of project.contexts) {
    if (!service) continue;
    const { command, entrypoint } = serviceFacts(service.fields);
    if (service.fields.stop_signal !== undefined) {
      const why = `${file}:${service.lineOf('stop_signal')} says by which signal ${name} is stopped.`;
      return { code: 'compose-stop-signal', why };
    }
    if (command !== undefined || entrypoint !== undefined) {
      const why = `${file} starts something else as ${name}, which ${row.signal} would reach as well.`;
      return { code: 'compose-command', why };
    }
  }
  const { program } = process;
  const at = stage.instructions.findLast(({ keyword }) => /^(?:CMD|ENTRYPOINT)$/.test(keyword)) ?? stage.from;
  return {
    title: `STOPSIGNAL ${row.signal} for ${program}`,
    why: `On SIGTERM, the signal of docker stop, ${program} ${row.onTerm}; on ${row.signal} it ${row.onSignal}.`,
    evidence: fact,
    level: 'review',
    at: { start: at.start, end: at.headEnd },
    edits: [beforeStart(document, stage, `${likeKeyword(document, stage.from, 'STOPSIGNAL')} ${row.signal}`)],
  };
}

/** `STOPSIGNAL SIGKILL` leaves the process no time at all. */
export function killSignal(document: Document, stage: Stage): Change | undefined {
  const own = stage.instructions.findLast(({ keyword }) => keyword === 'STOPSIGNAL');
  if (!own || !/^(?:SIG)?(?:KILL|9)$/i.test(own.args.text.trim())) return undefined;
  return {
    title: `STOPSIGNAL ${own.args.text.trim()} kills the process at once`,
    why: 'No process can end by itself on SIGKILL: requests under way are cut and files half written. Take the line out; where the process does not end on SIGTERM, it needs a handler, an exec or an init.',
    evidence: [{ file: document.path, line: document.originLine(own.start), says: `STOPSIGNAL ${own.args.text}` }],
    level: 'manual',
    at: { start: own.start, end: own.headEnd },
    edits: [],
  };
}

function hasSignal(image: NonNullable<Stage['image']>): boolean {
  const name = repositoryName(image);
  return SIGNALLED_IMAGES.some(
    ({ repository, tag }) => repository === name && (tag?.test(image.tag ?? 'latest') ?? true),
  );
}

/** Where it is written that the row is about this process; undefined: it is not, or its configuration is not at hand. */
function applies(around: Surroundings, { when, unless, config }: StopSignalRow): readonly Evidence[] | undefined {
  const { project, process } = around;
  const words = process.args.join(' ');
  const path = config && configFile(process, config);
  const file = path && fileOf(around, path);
  const text = file ? project.read(file) : undefined;
  if (path !== undefined && text === undefined) return undefined;
  const whole = [words, text ?? ''].join('\n');
  if (unless?.test(whole) || (when && !when.test(whole))) return undefined;
  if (!when || when.test(words) || file === undefined || text === undefined) return process.evidence;
  const line = text.split('\n').findIndex((it) => when.test(it)) + 1;
  const says = (text.split('\n')[line - 1] ?? '').trim();
  return [...process.evidence, { file: project.rootPath(file), line, says }];
}

/** The word that names a configuration file, `--ini x.ini` or the name alone. */
function configFile({ args }: Process, pattern: RegExp): string | undefined {
  for (const word of args) {
    const name = pattern.exec(word)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

function fileOf({ document, project, stage, process }: Surroundings, name: string): string | undefined {
  const path = joinPath(process.cwd, name);
  return path === undefined ? undefined : originOf(document, project, stage, path);
}
