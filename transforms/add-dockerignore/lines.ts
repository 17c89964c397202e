/** A line that the .dockerignore of a context may want, and who needs what it would leave out. */
import { posix } from 'node:path';
import { type ContextUse, takes } from '../../src/context-use.ts';
import type { Topic } from '../../src/knowledge/context-readers.ts';
import type { Fact } from '../../src/project/manifests.ts';
import { mention } from '../../src/project/mentions.ts';
import type { Project } from '../../src/project/project.ts';

/** The part of the file that a line stands in, in this order. */
export const GROUPS = ['git', 'made', 'env', 'outside'] as const;

export interface Line {
  readonly group: (typeof GROUPS)[number];
  /** As it stands in the file; `keeps`: lines with an exclamation mark that belong to it. */
  readonly pattern: string;
  readonly keeps: readonly string[];
  /** Paths that it is about: it is there already when every one of them is left out. */
  readonly probes: readonly string[];
  /** Worth a file of its own. */
  readonly strong: boolean;
  /** Worth being added to a file that is there. */
  readonly essential: boolean;
  /** What says that it is not needed, for the reviewer. */
  readonly because: readonly Fact[];
}

/** A line, and how to find out who needs what it would leave out. */
export interface Candidate {
  readonly line: Line;
  /** What decides who needs it, whoever wants it. */
  readonly key: string;
  /** Why a Dockerfile needs it. */
  readonly needs: (use: ContextUse) => string | undefined;
  /** Why files of the context need it. */
  readonly held: string | undefined;
}

/** Something that needs what a line would leave out. */
export interface Objection {
  readonly line: Line;
  /** The Dockerfile that takes it; undefined: the files of the context do. */
  readonly by: ContextUse | undefined;
  readonly why: string;
}

export interface Wanted {
  readonly lines: readonly Line[];
  readonly objections: readonly Objection[];
}

/** Those of the Dockerfiles that are asked which need what a line would leave out, and why. */
export type Asked = (candidate: Candidate) => readonly { readonly by: ContextUse; readonly why: string }[];

export const isBelow = (dir: string, top: string): boolean => top === '' || dir === top || dir.startsWith(`${top}/`);
export const isAllCopied = ({ broad }: ContextUse): boolean => broad.some(({ top }) => top === '');

/** `Dockerfile line 7` */
export const quoted = (at: ContextUse['broad'][number]['at'], use: ContextUse): string =>
  `${posix.basename(use.path)} line ${use.document.originLine(at.start)}`;

/** `Makefile:3 has git describe` */
export const placed = ({ file, line, says }: Fact): string =>
  `${line === undefined ? file : `${file}:${line}`} has ${says}`;

/** Why files of the context may need what a topic is about. */
export function mentioned(project: Project, topic: Topic, name: string): string | undefined {
  const said = mention(project, topic);
  return said === 'unsearched' ? `not every file could be searched for ${name}` : said && placed(said);
}

/** Asks Dockerfiles about lines, once about each: those that share a context want the same ones. */
export function asking(all: readonly ContextUse[]): Asked {
  const known = new Map<string, ReturnType<Asked>>();
  return ({ line, key, needs }) => {
    let found = known.get(key);
    if (found) return found;
    found = all.flatMap((by) => {
      const taken = takes(by, line.pattern);
      const why = taken ? `${quoted(taken, by)} takes it` : needs(by);
      return why === undefined ? [] : [{ by, why }];
    });
    known.set(key, found);
    return found;
  };
}
