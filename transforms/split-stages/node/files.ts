/** Commands that act on files by their names: what is done below the project comes along, what is done beside it is done again. */
import { joinPath } from '../../../src/document/state.ts';
import { taskText } from '../packages.ts';
import type { Task, View } from '../types.ts';

/** builder: it comes along. run: it is repeated. text: this is repeated in its place, and the builder keeps the whole. */
export type FileSide = 'builder' | 'run' | { readonly text: string };

/** Whether a path is one of the folders, or below one. */
export const inside = (roots: readonly string[], path: string): boolean =>
  roots.some((root) => path === root || path.startsWith(`${root}/`));

/** What is rewritten in place, or written by a redirection, below the project. */
const WRITERS = /^(?:sed|tee|echo|printf|cat|sort|cut|dos2unix)$/;
const THROWN_AWAY = /^\/(?:tmp|root\/\.|var\/cache|var\/lib\/apt)/;

/** `isBefore`: the project is not in the image yet. Undefined: what the command leaves behind is not known. */
export function sideOfFiles(view: View, roots: readonly string[], task: Task, isBefore: boolean): FileSide | undefined {
  const { command, cwd } = task;
  const program = command.program ?? '';
  const words = command.args.filter(({ raw }) => !raw.startsWith('-'));
  if (WRITERS.test(program)) return sideOfWriter(view, roots, task);
  const isOwner = /^ch(?:own|mod|grp)$/.test(program);
  const operands = isOwner ? words.slice(1) : words;
  // dist/* stands for the folder
  const paths = operands.map(({ literal, raw }) =>
    joinPath(cwd, literal ?? (/^[^$`]*\*$/.test(raw) ? raw.replace(/\/?\*$/, '') || '.' : undefined))?.replace(
      /(.)\/$/,
      '$1',
    ),
  );
  if (paths.length === 0 || !paths.every((path) => path !== undefined)) return undefined;
  const within = paths.filter((path) => inside(roots, path));
  const isWithin = within.length === paths.length;
  if (program === 'rm' || program === 'rmdir')
    return paths.every((path) => inside(roots, path) || THROWN_AWAY.test(path))
      ? 'builder'
      : within.length === 0
        ? 'run'
        : undefined;
  if (program === 'mkdir' && isMadeByWorkdir(view, task, paths)) return 'builder';
  if (within.length === 0) return 'run';
  const isInto = inside(roots, paths.at(-1) as string);
  // ln -s /app/bin/tool /usr/local/bin/tool
  if (program === 'ln') return isInto ? 'builder' : 'run';
  if (program === 'cp' && isInto) return 'builder';
  if (!isOwner && program !== 'mkdir') return isWithin ? 'builder' : undefined;
  const hasTop = within.some((path) => roots.includes(path));
  if (isWithin && !hasTop) return 'builder';
  if (isBefore) return 'run';
  if (program === 'mkdir') return isWithin ? 'builder' : { text: taskText(view, task) };
  // the owner and the mode of the top folder itself do not come along
  const own = operands.filter((_, i) => roots.includes(paths[i] as string) || !inside(roots, paths[i] as string));
  const flags = isWithin ? [] : command.args.filter(({ raw }) => raw.startsWith('-'));
  return { text: [program, ...flags.map(({ raw }) => raw), words[0]?.raw, ...own.map(({ raw }) => raw)].join(' ') };
}

/** `RUN mkdir -p /app` right before `WORKDIR /app`, which makes the folder anyway. */
function isMadeByWorkdir({ steps, stage, document }: View, task: Task, paths: readonly string[]): boolean {
  const step = steps.find(({ tasks }) => tasks.includes(task));
  const flags = task.command.args.filter(({ raw }) => raw.startsWith('-'));
  if (!step || step.tasks.length > 1 || flags.some(({ raw }) => raw !== '-p' && raw !== '--parents')) return false;
  const behind = stage.instructions.filter(({ index }) => index > step.instruction.index);
  const next = behind.find(({ keyword }) => !/^(?:ARG|ENV|LABEL|MAINTAINER)$/.test(keyword));
  if (next?.keyword !== 'WORKDIR') return false;
  const folder = joinPath(next.state.workdir, document.expand(next.words[0]?.value ?? '', next.state));
  return folder !== undefined && paths.every((path) => inside([path], folder));
}

/** `sed -i s/x/y/ /opt/start.sh`, `echo x > .env`. */
function sideOfWriter(view: View, roots: readonly string[], task: Task): FileSide | undefined {
  const { command, cwd } = task;
  const text = taskText(view, task);
  const targets = [...text.matchAll(/(?<![\d&])>{1,2}\s*["']?([^\s"'&>]+)/g)].map((match) => match[1] as string);
  const words = command.args.filter(({ raw }) => !raw.startsWith('-')).map(({ literal }) => literal);
  const last = words.at(-1);
  const isInPlace = command.program === 'dos2unix' || (command.program === 'sed' && command.has('-i', '--in-place'));
  const written =
    isInPlace || command.program === 'tee' ? [...targets, ...(last === undefined ? ['$'] : [last])] : targets;
  const paths = written.map((path) => (/[$`*]/.test(path) ? undefined : joinPath(cwd, path)));
  if (!paths.every((path) => path !== undefined)) return undefined;
  if (paths.every((path) => inside(roots, path))) return 'builder';
  return paths.some((path) => inside(roots, path)) ? undefined : 'run';
}
