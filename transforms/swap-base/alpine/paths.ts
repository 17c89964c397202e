/** Programs that stand at another place on Alpine: `/usr/bin/tini` is `/sbin/tini` there. */
import type { Edit } from '../../../src/edit.ts';
import { ALPINE_PATHS } from '../../../src/knowledge/alpine-packages.ts';
import type { StageView } from '../../../src/stage/view.ts';
import type { Obstacle } from '../types.ts';

/** Start commands are rewritten; a RUN or a file of the context that names such a path is in the way. */
export function pathEdits({ document, stage, runtime }: StageView, isProduct: boolean): readonly Edit[] | Obstacle {
  const edits: Edit[] = [];
  for (const [debian, alpine] of Object.entries(ALPINE_PATHS)) {
    const pattern = new RegExp(`(?<![\\w./-])${debian.replaceAll('.', '\\.')}(?![\\w.-])`, 'g');
    for (const { keyword, start, end } of stage.instructions) {
      const matches = [...document.text.slice(start, end).matchAll(pattern)];
      if (matches.length === 0) continue;
      if (!/^(?:CMD|ENTRYPOINT|HEALTHCHECK)$/.test(keyword))
        return {
          code: 'no-alpine-counterpart',
          why: `line ${document.originLine(start)} names ${debian}, which is ${alpine} on Alpine`,
          at: { start, end },
        };
      for (const { index } of matches)
        edits.push({ start: start + index, end: start + index + debian.length, text: alpine });
    }
    const script = isProduct ? runtime.find(new RegExp(pattern.source)) : undefined;
    if (script && script.file !== document.path)
      return { code: 'no-alpine-counterpart', why: `${script.file} names ${debian}, which is ${alpine} on Alpine` };
  }
  return edits;
}
