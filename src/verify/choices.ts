/** The rewrite of one file with only some of its changes, for the search for the one that breaks the build. */
import type { Change } from '../edit.ts';
import type { Result } from '../rewrite.ts';
import type { Choice } from './blame.ts';

type Accept = (transform: string, change: Change, line: number) => boolean;

/** Runs the rewrite on the files as they are on the disk, asking about each change. */
export type RewriteAgain = (accept: Accept) => Promise<Result>;

/** A change by what stays the same of it when others are left out. */
export interface ChangeName {
  readonly transform: string;
  readonly title: string;
  readonly why: string;
  /** Line in the file as it was read. */
  readonly line: number;
  /** How many changes of the same transform, title and line come before it. */
  readonly repeat: number;
}

const keyOf = ({ transform, title, line, repeat }: ChangeName): string => [transform, title, line, repeat].join('\0');

/** Names the changes of one run in the order in which they are asked about. */
function namer(): (transform: string, change: Change, line: number) => ChangeName {
  const seen = new Map<string, number>();
  return (transform, { title, why }, line) => {
    const plain = [transform, title, line].join('\0');
    const repeat = seen.get(plain) ?? 0;
    seen.set(plain, repeat + 1);
    return { transform, title, why, line, repeat };
  };
}

export class Choices {
  private readonly again: RewriteAgain;
  /** What is left out for good. */
  private readonly out = new Set<string>();

  constructor(again: RewriteAgain) {
    this.again = again;
  }

  /** Leaves a change out of everything that follows. */
  leaveOut(change: ChangeName): void {
    this.out.add(keyOf(change));
  }

  /** The changes that are taken, in order. */
  async list(): Promise<readonly ChangeName[]> {
    const taken: ChangeName[] = [];
    const nameOf = namer();
    await this.again((transform, change, line) => {
      const name = nameOf(transform, change, line);
      if (this.out.has(keyOf(name))) return false;
      taken.push(name);
      return true;
    });
    return taken;
  }

  /** The rewrite with the changes of a choice among those of `list`; absent: all of them. */
  async rewrite(list: readonly ChangeName[], choice?: Choice): Promise<Result> {
    const nameOf = namer();
    const marked = choice !== undefined && choice.kind !== 'first' ? keyOf(list[choice.index] as ChangeName) : '';
    let count = 0;
    return this.again((transform, change, line) => {
      const key = keyOf(nameOf(transform, change, line));
      if (this.out.has(key)) return false;
      if (choice === undefined) return true;
      if (choice.kind === 'first') return count++ < choice.count;
      return (key === marked) === (choice.kind === 'only');
    });
  }
}

/** The files that a rewrite changes, by path relative to the root, the Dockerfile among them. */
export function filesOf({ path, before, after, files }: Result): Map<string, string> {
  const changed = new Map(files.map((file) => [file.path, file.after]));
  if (before !== after) changed.set(path, after);
  return changed;
}
