/**
 * Dockerfiles that start from the image of another one in the same tree: `FROM team/labs:base` beside base/Dockerfile,
 * or the name that a compose file gives the image. Nothing says what an image is called that somebody builds by hand: the
 * folder does where no image is known by that name.
 */
import { posix } from 'node:path';
import { knownImage } from '../document/stages.ts';
import { familiarName, parseImageRef } from '../image.ts';
import type { Tree } from '../tree.ts';
import type { ContextSource } from './project.ts';

/** A FROM of another Dockerfile. */
export interface Heir {
  /** Relative to the root. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** The image as the line has it. */
  readonly image: string;
}

/** By what an image may be called after: the last part of its name, its tag, the role in it; and by its whole name. */
type Heirs = ReadonlyMap<string, readonly Heir[]>;

const FROM = /^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)/gim;
const ARG = /^[ \t]*ARG[ \t]+(\w+)=["']?([^\s"']*)/gim;
/** Parts of names that say no more than that others start from it: hadoop-base, team/common-image. */
const ROLE = /^(?:base|common|core|foundation)$/;
/** Folders that tell nothing of the image. */
const NAMELESS = /^(?:|\.|\.?docker|build|dockerfiles?|images?)$/i;

const known = new WeakMap<Tree, { readonly of: readonly string[]; readonly heirs: Heirs }>();

/** Every other Dockerfile of `dockerfiles` that may start from the image of `dockerfile`, in order. */
export function heirsOf(
  tree: Tree,
  dockerfiles: readonly string[],
  dockerfile: string,
  uses: readonly ContextSource[],
): readonly Heir[] {
  let index = known.get(tree);
  if (index?.of !== dockerfiles) {
    index = { of: dockerfiles, heirs: readHeirs(tree, dockerfiles) };
    known.set(tree, index);
  }
  const { heirs } = index;
  if (heirs.size === 0) return [];
  const found = new Set<Heir>();
  for (const name of [...namesOf(dockerfile), ...uses.flatMap(imageName)])
    for (const heir of heirs.get(name) ?? []) if (heir.path !== dockerfile) found.add(heir);
  return [...found].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
}

function readHeirs(tree: Tree, dockerfiles: readonly string[]): Heirs {
  const heirs = new Map<string, Heir[]>();
  for (const path of dockerfiles) {
    const text = tree.readDisk(path) ?? '';
    const values = new Map([...text.matchAll(ARG)].map(([, name, value]) => [name as string, value as string]));
    for (const match of text.matchAll(FROM)) {
      // a part of a text keeps all of it in memory: of 10,000 Dockerfiles here
      const image = Buffer.from(match[1] as string).toString();
      const line = text.slice(0, match.index).split('\n').length;
      for (const key of keysOf(image.replace(/\$\{?(\w+)[^}/:]*\}?/g, (_, name) => values.get(name) ?? ''))) {
        const list = heirs.get(key);
        if (list) list.push({ path, line, image });
        else heirs.set(key, [{ path, line, image }]);
      }
    }
  }
  return heirs;
}

/** What the image of a FROM may be called after. An image that is known has its own Dockerfile elsewhere. */
function keysOf(reference: string): readonly string[] {
  const image = parseImageRef(reference.replace(/^\/+|[:/]+$/g, ''));
  if (!image || image.path === 'library/scratch') return [];
  const whole = `=${familiarName(image)}`;
  if (knownImage(reference, image)) return [whole];
  const last = posix.basename(image.path);
  const tag = image.tag !== undefined && /^[a-z][a-z_-]*$/.test(image.tag) && image.tag !== 'latest' ? [image.tag] : [];
  return [...new Set([whole, last, ...tag, ...last.split(/[-_.]/).filter((part) => ROLE.test(part))])];
}

/** base/Dockerfile, Dockerfile.base, base.Dockerfile: `base`. */
function namesOf(dockerfile: string): readonly string[] {
  const file = posix.basename(dockerfile);
  const own = /^(?:dockerfile|containerfile)[.-]?(.*)$|^(.*)\.(?:dockerfile|containerfile)$/i.exec(file);
  const name = (own?.[1] || own?.[2] || posix.basename(posix.dirname(dockerfile))).toLowerCase();
  return NAMELESS.test(name) ? [] : [name];
}

/** `image:` of a compose service that builds it. */
function imageName({ service }: ContextSource): readonly string[] {
  const { image } = service?.fields ?? {};
  const reference = typeof image === 'string' ? parseImageRef(image) : undefined;
  return reference ? [`=${familiarName(reference)}`] : [];
}
