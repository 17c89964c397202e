/** Shells and programs that Debian has and Alpine lacks: what the RUN lines, the scripts and the starts of a stage ask for. */
import type { Evidence } from '../../../src/edit.ts';
import {
  ALPINE_PROGRAMS,
  BASH_ONLY,
  DEBIAN_ACCOUNTS,
  DEBIAN_ONLY_PROGRAMS,
  GNU_OPTIONS,
  STATIC_DOWNLOADS,
} from '../../../src/knowledge/alpine-packages.ts';
import { DATA_DOWNLOADS } from '../../../src/knowledge/slim-images.ts';
import type { Command } from '../../../src/shell/command.ts';
import { isCall } from '../../../src/stage/programs.ts';
import type { StageView } from '../../../src/stage/view.ts';
import { startedScript } from '../runs.ts';
import { repositoryOf } from '../stages.ts';
import type { Findings, Need, Obstacle } from '../types.ts';

/** Programs that the image itself brings, beyond those of Alpine. Source: docker-library; 2026-11. */
const BROUGHT: Readonly<Record<string, ReadonlySet<string>>> = {
  nginx: new Set(['curl', 'envsubst']),
  php: new Set(['curl', 'openssl']),
  'eclipse-temurin': new Set(['openssl']),
};
/** Images on Alpine with the database of time zones. Source: docker-library/python, adoptium/containers; 2026-11. */
const HAS_ZONES: ReadonlySet<string> = new Set(['python', 'eclipse-temurin']);

/** Programs of Debian that a RUN is translated for, and a script is not. */
const TRANSLATED = /^(?:apt|apt-get|useradd|groupadd)$/;

/** What the RUN lines of a stage ask for. */
export function buildFindings(view: StageView): Findings | Obstacle {
  const needs: Need[] = [];
  const doubts = new Set<string>();
  for (const { instruction, tasks, opaque } of view.steps) {
    if (opaque !== undefined)
      return { code: 'unreadable-script', why: `the RUN cannot be read: ${opaque}`, at: instruction };
    for (const task of tasks) {
      const line = view.document.originLine(task.command.start);
      const started = startedScript(view, task);
      const commands = typeof started === 'string' ? [task.command] : started;
      if (typeof started === 'string') doubts.add(started);
      if (/^(?:make|ninja|rake|just|task)$/.test(task.command.program ?? ''))
        doubts.add(`what ${task.command.program} starts is not known`);
      for (const command of commands) {
        const isOwn = command === task.command;
        const { program = '' } = command;
        if (!isOwn && (DEBIAN_ONLY_PROGRAMS.has(program) || TRANSLATED.test(program)))
          return {
            code: 'no-alpine-counterpart',
            why: `the script of line ${line} starts ${program}, which Alpine does not have`,
            at: task.command,
          };
        const at: Evidence = { file: view.document.path, line, says: `starts ${program}` };
        needs.push(...needsOf(view, command, at));
        const other = downloadOf(command, line, task.command);
        if (other) return other;
      }
    }
  }
  return { needs, doubts: [...doubts], evidence: [] };
}

function needsOf({ stage }: StageView, command: Command, at: Evidence): Need[] {
  const { program = '', args } = command;
  const words = args.map(({ literal, raw }) => literal ?? raw).join(' ');
  const found: Need[] = [];
  const name = packageOf(program, repositoryOf(stage));
  if (name !== undefined) found.push({ package: name, evidence: at });
  const gnu = GNU_OPTIONS.find((row) => row.program === program && row.options.test(words));
  if (gnu) found.push({ package: gnu.package, evidence: { ...at, says: `${at.says} with options of GNU` } });
  return found;
}

function packageOf(program: string, repository = ''): string | undefined {
  if (BROUGHT[repository]?.has(program)) return undefined;
  return Object.hasOwn(ALPINE_PROGRAMS, program) ? ALPINE_PROGRAMS[program] : undefined;
}

/** A program that is fetched ready-made, unless it is static. */
function downloadOf(command: Command, line: number, at: Command): Obstacle | undefined {
  const { program = '' } = command;
  if (program !== 'curl' && program !== 'wget') return undefined;
  const urls = command.args.map(({ literal, raw }) => literal ?? raw).filter((word) => /^["']?https?:/.test(word));
  const url = urls.find((it) => !/localhost|127\.0\.0\.1/.test(it));
  if (url === undefined) return undefined;
  const plain = url.replace(/["']$/, '');
  // .sh and .deb may bring anything
  const isData = DATA_DOWNLOADS.test(plain) && !/\.(?:sh|deb|whl)(?:[?#]|$)/.test(plain) && !command.piped;
  if (isData || STATIC_DOWNLOADS.test(plain) || /nginx\.org\/keys|\.(?:asc|gpg|key)$/.test(plain)) return undefined;
  return {
    code: 'glibc-binary',
    why: `line ${line} fetches ${plain.slice(0, 80)}: whether it runs on musl is not known`,
    at,
  };
}

/** What the container asks for when it runs. */
export function runTimeNeeds(view: StageView): Findings | Obstacle {
  const { runtime, stage } = view;
  const repository = repositoryOf(stage);
  const doubts = runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  if (repository !== 'nginx' && !runtime.starts.some(({ by }) => by !== 'HEALTHCHECK'))
    doubts.unshift('no file says what starts in the container');
  const needs: Need[] = [];
  for (const use of runtime.programs) {
    if (!isCall(use)) continue;
    const { file, line, program } = use;
    const evidence = { file, ...(line !== undefined && { line }), says: `starts ${program}` };
    if (use.by === 'start' && (DEBIAN_ONLY_PROGRAMS.has(program) || TRANSLATED.test(program)))
      return { code: 'no-alpine-counterpart', why: `${file} starts ${program}, which Alpine does not have` };
    const name = packageOf(program, repository);
    if (name !== undefined) needs.push({ package: name, evidence });
  }
  for (const { path, text, commands } of runtime.scripts) {
    const evidence = (says: string): Evidence => ({ file: path, says });
    if (/^#!.*\bbash\b/.test(text))
      needs.push({ package: 'bash', evidence: { ...evidence('#! names bash'), line: 1 } });
    for (const command of commands ?? [])
      needs.push(...needsOf(view, command, evidence(`starts ${command.program}`)).slice(-1));
  }
  const bash = runtime.find(/^#!.*\bbash\b|(?<![\w.-])\/bin\/bash\b/m);
  if (bash) needs.push({ package: 'bash', evidence: bash });
  const zone = zoneOf(view);
  if (zone && !HAS_ZONES.has(repository)) needs.push({ package: 'tzdata', evidence: zone });
  doubts.push(...placeDoubts(view));
  return { needs, doubts, evidence: [] };
}

/** TZ of the image or of a compose service, or code that asks for a zone by its name. */
function zoneOf({ document, stage, project, runtime }: StageView): Evidence | undefined {
  const env = stage.instructions.flatMap(({ keyword, pairs }) => (keyword === 'ENV' ? pairs : []));
  const pair = env.find(({ name, raw = '' }) => name === 'TZ' && !/^["']?(?:Etc\/)?UTC["']?$/.test(raw));
  if (pair) return { file: document.path, line: document.originLine(pair.nameSpan.start), says: `TZ=${pair.raw}` };
  const given = project.contexts.find(({ service }) =>
    /\bTZ\b/.test(JSON.stringify(service?.fields.environment ?? '')),
  );
  if (given?.file) return { file: given.file, ...(given.line !== undefined && { line: given.line }), says: 'TZ' };
  return runtime.find(/\bTimeZone\.getTimeZone\(|\btime\.LoadLocation\(|\bTZInfo::|\bdate_default_timezone_set\(/);
}

/** Files, paths and languages that only glibc has. */
function placeDoubts({ document, stage, runtime }: StageView): string[] {
  const doubts: string[] = [];
  for (const name of ['LANG', 'LC_ALL', 'LANGUAGE']) {
    const value = stage.end.env.get(name);
    if (value !== undefined && !/^(?:C|POSIX|en)\b/i.test(value))
      doubts.push(`${name}=${value}: musl knows no language but C.UTF-8`);
  }
  const locale = runtime.find(/\blocale\.setlocale\(|\bsetlocale\(LC_/);
  if (locale) doubts.push(`${locale.file} sets a locale, which musl does not have`);
  const library = runtime.find(/\bctypes\.(?:CDLL|cdll)\b|\bfind_library\(|\bdlopen\(/);
  if (library) doubts.push(`${library.file} loads a library by its name`);
  for (const path of runtime.files.walk(4000)) {
    if (/\.so(?:\.\d+)*$|\.node$/.test(path)) {
      doubts.push(`${path} may be built for glibc`);
      break;
    }
  }
  const probe = runtime.find(/\[\s*["'](?:\/bin\/)?bash["']/);
  if (probe && probe.file !== document.path) doubts.push(`${probe.file} starts bash`);
  return doubts;
}

/** What stands in the stage and names Debian: paths of libraries, accounts with other numbers, shells. */
export function debianNames({ document, stage }: StageView): Obstacle | undefined {
  for (const instruction of stage.instructions) {
    const text = document.text.slice(instruction.start, instruction.headEnd);
    const path =
      /(?:x86_64|aarch64|\$\(uname -m\)|arm)-linux-gnu\S*|\/usr\/lib\/python3\/dist-packages|\/etc\/debian_version|\/lib64\/ld-linux\S*/.exec(
        text,
      );
    if (path && instruction.keyword !== 'LABEL')
      return {
        code: 'no-alpine-counterpart',
        why: `line ${document.originLine(instruction.start)} names ${path[0]}, a place of Debian`,
        at: instruction,
      };
    const user = instruction.keyword === 'USER' ? instruction.words[0]?.value.split(':')[0] : undefined;
    const owner = /(?:--chown=|\bchown (?:-\w+ )*|\bsu (?:- )?|\bgosu )([a-z_][\w-]*)/.exec(text)?.[1];
    const account = [user, owner].find((it) => it !== undefined && DEBIAN_ACCOUNTS.test(it));
    const own = /^(?:php|httpd)$/.test(repositoryOf(stage));
    if (account !== undefined && !(own && account === 'www-data'))
      return {
        code: 'no-alpine-counterpart',
        why: `line ${document.originLine(instruction.start)} names the account ${account}, which Alpine does not have`,
        at: instruction,
      };
  }
  return undefined;
}

/** Whether a RUN says what only bash understands; the shells of SHELL instructions are another question. */
export const saysBash = (text: string): boolean => BASH_ONLY.test(text);
