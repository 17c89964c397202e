/** The lock file is copied along with the manifest. */
import { posix } from 'node:path';
import type { Document } from '../../src/document.ts';
import type { Edit } from '../../src/edit.ts';
import type { PlacedSource } from '../../src/project/image-files.ts';
import { sends } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';
import type { Install } from './find.ts';
import type { Reason } from './node.ts';

/** Writes the lock file behind the manifest in the COPY that brings it, or says why it cannot stand there. */
export function addLock(
  document: Document,
  project: Project,
  install: Install,
  manifest: string,
  lock: string,
): Edit | Reason {
  const none = (why: string): Reason => ({ code: 'lock-not-copied', why: `${lock} ${why}` });
  if (!sends(project, lock)) return none('is kept out of the build by .dockerignore');
  const placed = [...install.files.sources].reverse().find(({ source }) => source === manifest);
  const word = placed && wordOf(document, placed, manifest);
  if (!placed || !word) return none('is not copied before the install');
  const { start, end, value } = word;
  const base = posix.basename(manifest);
  const to = placed.instruction.words.at(-1)?.value ?? '';
  if (!/(?:^|\/)\.?$/.test(to)) return none(`cannot go along with ${base}, which is copied as ${to}`);
  const name = value.slice(0, value.length - base.length) + posix.basename(lock);
  const written = document.text.slice(start, end);
  if (/[\s$\\]/.test(name) || (written !== value && !placed.instruction.json))
    return none(`cannot be written behind ${base}`);
  return { start: end, end, text: placed.instruction.json ? `, ${JSON.stringify(name)}` : ` ${name}` };
}

const wordOf = (document: Document, { instruction }: PlacedSource, manifest: string) =>
  instruction.words.slice(0, -1).find(({ value }) => {
    const path = document.expand(value, instruction.state)?.replace(/^\.?\//, '');
    return path === manifest && posix.basename(value) === posix.basename(manifest);
  });
