/** Where the bytes of two images differ: their files, summed up by folder and by package. */
import type { ImageFile } from './engine.ts';

/** Folders are told apart to this depth. */
const DEPTH = 6;
/** A folder in which one entry holds this much of the difference is told as that entry. */
const SHARE = 0.8;
/** Below this a difference is not worth a line, in bytes. */
const WORTH = 100_000;

interface Node {
  before: number;
  after: number;
  readonly below: Map<string, Node>;
}

export interface SizeDifference {
  /** `usr/lib/gcc`, `app/node_modules/typescript`. */
  readonly path: string;
  readonly before: number;
  readonly after: number;
}

const newNode = (): Node => ({ before: 0, after: 0, below: new Map() });
const difference = ({ before, after }: Pick<Node, 'before' | 'after'>): number => after - before;
const weight = (node: Node): number => Math.abs(difference(node));

/** The folders of a file, the package that it belongs to being the last one. */
function foldersOf(path: string): string[] {
  const folders = path.split('/').slice(0, -1);
  // usr/lib/python3/site-packages/flask/app.py, app/node_modules/@nestjs/core/index.js
  const home = folders.findIndex((name) => /^(?:node_modules|site-packages|dist-packages|gems|pkg)$/.test(name));
  if (home < 0) return folders.slice(0, DEPTH);
  return folders.slice(0, home + (folders[home + 1]?.startsWith('@') ? 3 : 2));
}

/** Takes the files of both images, one by one, and keeps sums only. */
export class SizeComparison {
  private readonly root = newNode();

  add(side: 'before' | 'after', { path, size }: ImageFile): void {
    let node = this.root;
    node[side] += size;
    for (const name of foldersOf(path)) {
      let next = node.below.get(name);
      if (!next) {
        next = newNode();
        node.below.set(name, next);
      }
      next[side] += size;
      node = next;
    }
  }

  /** The places with the largest differences, largest first. No place lies inside of another. */
  largest(limit: number): SizeDifference[] {
    const found: SizeDifference[] = [];
    const visit = (path: string, node: Node, depth: number): void => {
      if (weight(node) < WORTH) return;
      const heavy = [...node.below].sort(([, a], [, b]) => weight(b) - weight(a));
      const [first] = heavy;
      const split = depth < 2 && heavy.reduce((sum, [, child]) => sum + weight(child), 0) >= SHARE * weight(node);
      if (split) for (const [name, child] of heavy) visit(join(path, name), child, depth + 1);
      else if (first && weight(first[1]) >= SHARE * weight(node)) {
        visit(join(path, first[0]), first[1], depth + 1);
      } else found.push({ path: path || '/', before: node.before, after: node.after });
    };
    visit('', this.root, 0);
    return found.sort((a, b) => Math.abs(difference(b)) - Math.abs(difference(a))).slice(0, limit);
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`);
