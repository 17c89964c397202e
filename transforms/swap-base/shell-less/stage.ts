/** What a stage must do without in an image that has no shell and no packages: RUN, shell forms, programs of the system. */
import { linesOf } from '../../../src/document/lines.ts';
import type { Instruction } from '../../../src/document.ts';
import type { Edit, Evidence } from '../../../src/edit.ts';
import { DISTROLESS_HAS } from '../../../src/knowledge/distroless.ts';
import type { Start } from '../../../src/project/runtime.ts';
import { isCall } from '../../../src/stage/programs.ts';
import type { StageView, Step } from '../../../src/stage/view.ts';
import type { Obstacle } from '../types.ts';

const needsShell = (why: string, at?: Instruction): Obstacle => ({ code: 'needs-shell', why, ...(at && { at }) });

/** The edits that take out RUN instructions which only bring certificates and time zones; or what is in the way. */
export function withoutShell(view: StageView): readonly Edit[] | Obstacle {
  const { document, stage, steps, runtime } = view;
  const edits: Edit[] = [];
  for (const step of steps) {
    const { instruction } = step;
    const line = document.originLine(instruction.start);
    if (instruction.keyword === 'RUN') {
      if (!bringsOnly(step) || instruction.comments.length > 0)
        return needsShell(`line ${line} runs a command, for which there is no shell`, instruction);
      const { start, next } = linesOf(document.text, instruction);
      edits.push({ start, end: next, text: '' });
    }
    if (instruction.keyword === 'SHELL') return needsShell(`line ${line} names a shell`, instruction);
    if (instruction.keyword === 'ONBUILD')
      return { code: 'onbuild', why: 'an ONBUILD instruction would act in other builds', at: instruction };
  }
  const shell = runtime.starts.find(({ words }) => words === undefined);
  if (shell) return needsShell(`${shell.file}:${shell.line} starts a command by a shell`);
  const probe = runtime.starts.find(({ by }) => by === 'HEALTHCHECK');
  if (probe) return needsShell(`${probe.file}:${probe.line}: the program of the health check is not in the image`);
  const compose = runtime.starts.find(({ by }) => by === 'compose' || by === 'procfile');
  if (compose)
    return needsShell(
      `${compose.file}:${compose.line} starts ${compose.text.slice(0, 60)}: the image has a program of its own that this would be handed to`,
    );
  const unread = runtime.unread[0];
  if (unread) return needsShell(`${unread.says} in ${unread.file} could not be read`);
  const call = runtime.programs.find((use) => isCall(use) && use.by === 'code');
  if (call)
    return needsShell(
      `${call.file}${call.line === undefined ? '' : `:${call.line}`} starts ${call.program}, which is not in the image`,
    );
  const shelled = runtime.find(
    /\b(?:execSync|exec)\(\s*["'`]|shell\s*[:=]\s*true|os\.system\(|Runtime\.getRuntime\(\)\.exec\(|\/bin\/(?:ba)?sh\b/,
  );
  if (shelled) return needsShell(`${shelled.file} starts a shell: ${shelled.says}`);
  const from = stage.instructions.find((it) => it.flags.some(({ name }) => name === 'mount'));
  return from ? needsShell('a mount of a RUN', from) : edits;
}

/** `apk add --no-cache ca-certificates tzdata`, `apt-get update && apt-get install -y ca-certificates && rm -rf ..`. */
function bringsOnly({ tasks, opaque }: Step): boolean {
  return (
    opaque === undefined &&
    tasks.length > 0 &&
    tasks.every(({ call, effect }) => {
      if (effect === 'clean' || effect === 'index') return true;
      const isInstall = call?.action === 'install' && (call.manager === 'apt' || call.manager === 'apk');
      return isInstall && call.operands.every(({ literal }) => literal !== undefined && DISTROLESS_HAS.has(literal));
    })
  );
}

/** What starts the container: the exec form of ENTRYPOINT, or of CMD where there is none. */
export function startOf({ runtime }: StageView): Start | undefined {
  const by = (keyword: Start['by']) => runtime.starts.find((it) => it.by === keyword);
  return by('ENTRYPOINT') ?? by('CMD');
}

/** The last instruction of a kind in a stage. */
export const lastOf = ({ stage }: StageView, keyword: string): Instruction | undefined =>
  stage.instructions.findLast((it) => it.keyword === keyword);

/** Files of the source that draw text or pictures, for which the image has no fonts. */
export function fontUse({ runtime }: StageView): Evidence | undefined {
  return runtime.find(/\bjava\.awt\.(?!headless)|\bjavax\.imageio\b|\bjasperreports\b/);
}
