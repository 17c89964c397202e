/** The folders of the image that hold the project: what the runtime stage takes over. */
import { posix } from 'node:path';
import { joinPath } from '../../../src/document/state.ts';
import type { Obstacle, View } from '../types.ts';
import type { Install } from './project.ts';

/** Folders of the system: the project stands among its files there. */
const SYSTEM =
  /^\/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|sys|tmp|usr|usr\/(?:bin|lib|local|local\/bin|sbin|share)|var|var\/(?:lib|cache|log))?$/;

/** Whether a folder belongs to the system: nothing but named files can be taken out of it. */
export const isSystemFolder = (path: string): boolean => SYSTEM.test(posix.normalize(path));

/** The outermost folders into which packages are installed and source is copied. */
export function rootsOf(
  { runtime, stage, document }: View,
  installs: readonly Install[],
): readonly string[] | Obstacle {
  const folders = new Set(installs.map(({ dir }) => dir));
  const beside = (path: string): boolean =>
    ![...folders, stage.end.workdir ?? ''].some(
      (it) => it === path || it.startsWith(`${path}/`) || path.startsWith(`${it}/`),
    );
  for (const { target, kind } of runtime.files.sources) if (kind === 'dir' && !beside(target)) folders.add(target);
  for (const instruction of stage.instructions) {
    if (!/^(?:COPY|ADD)$/.test(instruction.keyword) || !instruction.flags.some(({ name }) => name === 'from')) continue;
    const to = joinPath(
      instruction.state.workdir,
      document.expand(instruction.words.at(-1)?.value ?? '', instruction.state),
    );
    const path = to?.replace(/(.)\/$/, '$1');
    if (path !== undefined && [...folders].some((it) => it.startsWith(`${path}/`))) folders.add(path);
  }
  const outer = [...folders].filter((it) => ![...folders].some((other) => other !== it && it.startsWith(`${other}/`)));
  const system = outer.find(isSystemFolder);
  if (system !== undefined)
    return { code: 'unknown-effect', why: `the project stands in ${system}, among the files of the system` };
  return outer;
}
