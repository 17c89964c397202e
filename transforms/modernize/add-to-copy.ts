/** `ADD x y` becomes `COPY x y` where every source is shown to be neither fetched nor unpacked. */
import { lineStart } from '../../src/document/lines.ts';
import type { Document, Instruction } from '../../src/document.ts';
import type { Change, Decline, Span } from '../../src/edit.ts';
import { ARCHIVE_NAME, COMPRESSION_MAGIC, LFS_POINTER, TAR_HEADER } from '../../src/knowledge/archives.ts';
import type { Project } from '../../src/project/project.ts';
import { likeKeyword, lineOf, linuxStages, type Rewrite } from './rewrite.ts';

/** Flags that ADD and COPY have in common. */
const SHARED_FLAGS: readonly string[] = ['chown', 'chmod', 'link'];
/** `https://`, `git://`, `git@host:x`, `host.org:x.git` */
const REMOTE = /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+@[\w.-]+:|\.git(?:#.*)?$/i;
/** `# use ADD here`, `# ADD instead of COPY`, and no commented-out `# ADD x /y`. */
const MEANT =
  /\b(?:us(?:e|es|ing)|need|want|keep)\s+(?:an?\s+|the\s+)?["'`]?add\b|\badd\b["'`]?\s+(?:here|not|instead|rather|instruction|is|because)\b/i;

export const addToCopy: Rewrite = {
  option: 'add-to-copy',
  help: 'ADD becomes COPY where it neither fetches nor unpacks',
  declines: {
    'add-context-unknown': 'the build context is not known, so its files cannot be looked at',
    'add-source-variable': 'a variable decides what is added',
    'add-source-not-found': 'a source is not in the build context, so nobody can tell whether it is an archive',
    'add-source-elsewhere': 'git keeps the content of a source elsewhere (LFS)',
    'add-by-comment': 'a comment above it says why it is ADD',
  },
  *plan(document, project) {
    for (const stage of linuxStages(document)) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'ADD') continue;
        const plan = rewritten(document, project, instruction);
        if (plan) yield plan;
      }
    }
  },
};

function rewritten(document: Document, project: Project, instruction: Instruction): Change | Decline | undefined {
  if (instruction.flags.some((flag) => !SHARED_FLAGS.includes(flag.name))) return undefined;
  const words = instruction.words.slice(0, -1);
  const sources = words
    .filter((word) => !isHeredoc(instruction, word.start))
    .map((word) => word.value.replace(/^["']|["']$/g, ''));
  if (words.length === 0 || sources.some((source) => REMOTE.test(source) || ARCHIVE_NAME.test(source)))
    return undefined;
  const at = { start: instruction.start, end: instruction.headEnd };
  if (isMeant(document, instruction)) {
    return { code: 'add-by-comment', why: 'the comment above it says that ADD is meant', at };
  }
  const evidence = [];
  for (const source of sources) {
    if (/[$\\]/.test(source)) {
      return { code: 'add-source-variable', why: `what ${source} is depends on a variable`, at };
    }
    if (project.context === undefined) {
      return { code: 'add-context-unknown', why: 'the build context is not known, so no source can be looked at', at };
    }
    const paths = project.glob(source);
    if (paths.length === 0) {
      return { code: 'add-source-not-found', why: `${source} is not in the build context: it may be an archive`, at };
    }
    for (const path of paths) {
      const content = contentOf(project, path);
      if (content === 'archive') return undefined;
      if (content === 'elsewhere' || content === undefined) {
        return { code: 'add-source-elsewhere', why: `the content of ${path} is not here`, at };
      }
      evidence.push({ file: project.rootPath(path) || '.', says: content === 'dir' ? 'a folder' : 'not an archive' });
    }
  }
  return {
    title: 'COPY in place of ADD',
    why: 'ADD also fetches and unpacks; this one does neither, and COPY says so.',
    evidence: evidence.length > 0 ? evidence.slice(0, 8) : [lineOf(document, instruction, 'a heredoc')],
    level: 'safe',
    at,
    edits: [{ ...keywordOf(document, instruction), text: likeKeyword(document, instruction, 'COPY') }],
  };
}

/** The keyword, with one of the blanks that align what follows: `ADD     x` below `WORKDIR y`. */
function keywordOf(document: Document, { keywordSpan: { start, end } }: Instruction): Span {
  return { start, end: document.text.startsWith('  ', end) ? end + 1 : end };
}

/** Whether one of the comment lines directly above says so: `# Use add here to invalidate the cache`. */
function isMeant({ text }: Document, { start }: Instruction): boolean {
  let end = text.lastIndexOf('\n', start - 1);
  while (end > 0) {
    const line = lineStart(text, end);
    const comment = text.slice(line, end);
    if (!/^[ \t]*#/.test(comment)) return false;
    if (MEANT.test(comment)) return true;
    end = line - 1;
  }
  return false;
}

function isHeredoc(instruction: Instruction, start: number): boolean {
  return instruction.heredocs.some((heredoc) => heredoc.at.start === start);
}

/** What ADD makes of a path: the files in a folder are never unpacked. */
function contentOf(project: Project, path: string): 'dir' | 'file' | 'archive' | 'elsewhere' | undefined {
  if (project.kind(path) === 'dir') return 'dir';
  if (ARCHIVE_NAME.test(path)) return 'archive';
  const head = project.head(path, TAR_HEADER.size);
  if (!head) return undefined;
  if (COMPRESSION_MAGIC.some(({ bytes }) => bytes.every((byte, i) => head[i] === byte)) || isTar(head))
    return 'archive';
  return String.fromCharCode(...head.slice(0, LFS_POINTER.length)) === LFS_POINTER ? 'elsewhere' : 'file';
}

/** A tar header of any age: its checksum is right, counted with blanks in the place of the checksum. */
function isTar(head: Uint8Array): boolean {
  const { size, checksumAt, checksumLength } = TAR_HEADER;
  if (head.length < size) return false;
  const written = String.fromCharCode(...head.slice(checksumAt, checksumAt + checksumLength)).replace(/[\0 ]+/g, '');
  if (!/^[0-7]+$/.test(written)) return false;
  const sum = head.reduce(
    (total, byte, i) => total + (i >= checksumAt && i < checksumAt + checksumLength ? 32 : byte),
    0,
  );
  return sum === Number.parseInt(written, 8);
}
