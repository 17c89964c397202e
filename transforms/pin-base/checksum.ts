/** ADD of a URL gets the checksum of the file that is there, so that another file stops the build. */

import type { Reason } from '../../src/document/place-tag.ts';
import type { Document, Instruction } from '../../src/document.ts';
import type { Change, Decline } from '../../src/edit.ts';
import type { Project } from '../../src/project/project.ts';

/** Dockerfile frontends before 1.6 do not know --checksum. */
const OLD_SYNTAX = /:1\.[0-5](?:[.@-]|$)/;

export function* checksums(document: Document, project: Project): Iterable<Change | Decline> {
  for (const instruction of document.instructions) {
    if (instruction.keyword !== 'ADD' || instruction.flags.some(({ name }) => name === 'checksum')) continue;
    const sources = instruction.words.slice(0, -1).map(({ value }) => value);
    const url = sources.find((source) => /^https?:\/\//i.test(source) && !/\.git(?:#|$)/.test(source));
    if (url === undefined) continue;
    const at = { start: instruction.start, end: instruction.headEnd };
    const reason = obstacle(document, project, sources, url);
    if (reason) {
      yield { ...reason, at };
      continue;
    }
    const found = project.remote.checksum(url);
    if ('why' in found) yield { ...found, at };
    else yield change(instruction, url, found);
  }
}

function obstacle(document: Document, project: Project, sources: readonly string[], url: string): Reason | undefined {
  if (sources.length > 1) return { code: 'checksum-of-several', why: 'a checksum is for one source, here are more' };
  if (url.includes('$')) return { code: 'checksum-from-variable', why: `a variable decides which file ${url} is` };
  const { kind, file, line } = project.builder;
  if (kind === 'kaniko' || kind === 'legacy') {
    return {
      code: 'checksum-unknown-to-builder',
      why: `${file}:${line} builds with ${kind}, which knows no --checksum`,
    };
  }
  const syntax = document.directives.find(({ name }) => name === 'syntax');
  if (!syntax || !OLD_SYNTAX.test(syntax.value)) return undefined;
  return { code: 'checksum-unknown-to-builder', why: `${syntax.value} knows no --checksum: it came with version 1.6` };
}

function change(
  instruction: Instruction,
  url: string,
  found: Extract<ReturnType<Project['remote']['checksum']>, { digest: string }>,
): Change {
  const doubt = doubtOf(new URL(url));
  const end = instruction.flags.at(-1)?.end ?? instruction.keywordSpan.end;
  return {
    title: `${url} checked against its checksum`,
    why: `Whatever else comes from there stops the build. It needs Dockerfile syntax 1.6, which Docker Engine 25 has.${doubt ? ` ${doubt}` : ''}`,
    evidence: [found.evidence],
    level: doubt ? 'risky' : 'review',
    at: { start: instruction.start, end: instruction.headEnd },
    edits: [{ start: end, end, text: ` --checksum=${found.digest}` }],
  };
}

/** Why the same URL may serve other bytes tomorrow. */
function doubtOf({ host, pathname }: URL): string | undefined {
  if (host === 'codeload.github.com' || /\/archive\//.test(pathname)) {
    return 'The archive is made anew on request, and its bytes need not stay the same.';
  }
  if (/\d+\.\d+|\b[a-f\d]{12,40}\b/.test(pathname)) return undefined;
  return 'The URL names no version: the build stops as soon as another file is there.';
}
