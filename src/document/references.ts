/** Every place where a Dockerfile names an image: FROM, COPY --from, RUN --mount from, the syntax directive. */
import type { Document } from '../document.ts';
import type { Span } from '../edit.ts';
import { type ImageRef, parseImageRef } from '../image.ts';
import { imageFacts } from '../knowledge/images.ts';
import type { Flag, Instruction, Stage } from './model.ts';

export interface ImageReference {
  readonly kind: 'from' | 'copy' | 'mount' | 'syntax';
  /** As written, variables included. */
  readonly written: string;
  /** With the defaults of build arguments; undefined: it depends on something unknown, or is no reference. */
  readonly ref: ImageRef | undefined;
  /** Where `written` stands; undefined: quotes, escapes or a line end stand in between. */
  readonly span: Span | undefined;
  /** The instruction's first logical line, or the directive. */
  readonly at: Span;
  /** Of FROM. */
  readonly stage?: Stage;
}

/** Stages, numbers of stages and `scratch` are no images; what may be a named build context is left out. ONBUILD is for other builds. */
export function* imageReferences(document: Document): Iterable<ImageReference> {
  const syntax = document.directives.find(({ name }) => name === 'syntax');
  if (syntax) {
    const start = document.text.indexOf(syntax.value, syntax.start);
    const span = { start, end: start + syntax.value.length };
    yield { kind: 'syntax', written: syntax.value, ref: parseImageRef(syntax.value), span, at: syntax };
  }
  for (const instruction of document.instructions) {
    const { keyword, stage, flags } = instruction;
    if (keyword === 'FROM' && stage) yield* fromStage(stage);
    if (keyword !== 'COPY' && keyword !== 'RUN') continue;
    for (const flag of flags) {
      const found = keyword === 'COPY' ? copied(document, flag) : mounted(document, flag);
      if (found && isImage(document, found.written)) yield { ...found, ...common(instruction, found.written) };
    }
  }
}

const headOf = ({ start, headEnd }: Instruction): Span => ({ start, end: headEnd });

function* fromStage(stage: Stage): Iterable<ImageReference> {
  const { from, fromWord, image: ref, parent } = stage;
  const { value: written, start, end } = fromWord;
  if (parent || /^scratch$/i.test(written)) return;
  const plain = end - start === written.length && !/["'\\]/.test(written);
  yield { kind: 'from', written, ref, span: plain ? { start, end } : undefined, at: headOf(from), stage };
}

// BuildKit expands no variables here
const common = (instruction: Instruction, written: string) => ({
  ref: written.includes('$') ? undefined : parseImageRef(written),
  at: headOf(instruction),
});

type Found = Pick<ImageReference, 'kind' | 'written' | 'span'>;

/** `--from=nginx:1.27` */
function copied({ text }: Document, { name, value, start, end }: Flag): Found | undefined {
  if (name !== 'from' || value === '') return undefined;
  const plain = text.slice(start, end).toLowerCase() === `--from=${value}`.toLowerCase();
  return { kind: 'copy', written: value, span: plain ? { start: end - value.length, end } : undefined };
}

/** `--mount=type=bind,from=nginx:1.27,target=/x` */
function mounted({ text }: Document, { name, value, start, end }: Flag): Found | undefined {
  const match = name === 'mount' ? /(?:^|,)from=([^,]+)/i.exec(value) : null;
  if (!match) return undefined;
  const written = match[1] as string;
  const plain = text.slice(start, end).endsWith(`=${value}`);
  const first = end - value.length + match.index + match[0].length - written.length;
  return { kind: 'mount', written, span: plain ? { start: first, end: first + written.length } : undefined };
}

/** A bare name may be a build context that the caller names, unless it is that of a well-known image. */
function isImage(document: Document, name: string): boolean {
  if (/^\d+$/.test(name) || /^scratch$/i.test(name) || document.stageNamed(name)) return false;
  if (/[/:@$]/.test(name)) return true;
  const ref = parseImageRef(name);
  return ref !== undefined && imageFacts(ref) !== undefined;
}
