/** `redock lock`: writes down what the tags of the images stand for, so that `pin-base.to` has it without the network. */
import { join } from 'node:path';
import { imageReferences } from '../document/references.ts';
import { Document } from '../document.ts';
import { UsageError } from '../errors.ts';
import { familiarName, type ImageRef } from '../image.ts';
import { formatLock, LOCK_NAME, type LockEntry, type LockFile, parseLock, type ReadEntry } from '../lock-file.ts';
import { prepareProjects } from '../project/open.ts';
import { imageName, RemoteFacts } from '../project/remote.ts';
import { RegistryError } from '../registry/error.ts';
import type { Failure } from '../registry/gather.ts';
import { patchTag } from '../registry/patch-tag.ts';
import type { Registry } from '../registry/registry.ts';
import type { Settings } from '../settings.ts';
import type { Tree } from '../tree.ts';
import { WriteError, writeWhole } from '../write.ts';
import type { Io } from './io.ts';
import { failureLines, openRegistry, today } from './online.ts';
import { placesOf, shown } from './places.ts';
import { type Plan, planOf, type Request, rehearse } from './run.ts';

export interface LockOptions {
  /** Ask for what is there already as well. */
  readonly update: boolean;
  readonly quiet: boolean;
}

/** Writes one redock.lock in the root of each repository. @returns the exit code. @throws UsageError */
export async function lock(request: Request, options: LockOptions, io: Io): Promise<number> {
  const plans: Plan[] = [];
  for (const place of placesOf(request.paths, io.cwd, request.commands)) plans.push(await planOf(request, place, io));
  if (plans.every(({ dockerfiles }) => dockerfiles.length === 0)) throw new UsageError('no Dockerfile found');
  const registry = openRegistry(io, options.update);
  let failed = false;
  for (const plan of plans) {
    const used = await usedImages(request, plan, io);
    failed = (await lockOne(plan, used, registry, options, io)) || failed;
    if (io.stopped()) return 130;
  }
  return failed ? 3 : 0;
}

/** An image that the Dockerfiles use. */
interface Used {
  readonly ref: ImageRef;
  /** Somewhere without a digest. */
  open: boolean;
  /** The digests beside the tag. */
  readonly digests: Set<string>;
}

/** @returns whether anything failed */
async function lockOne(
  { tree, place }: Plan,
  used: ReadonlyMap<string, Used>,
  registry: Registry,
  { update, quiet }: LockOptions,
  io: Io,
): Promise<boolean> {
  const path = join(place.root, LOCK_NAME);
  const name = shown(io.cwd, path);
  const { before, head, entries, packages } = readLock(tree, name);
  const known = new Map(entries.map((entry) => [`${entry.name}:${entry.tag}`, entry]));
  const wanted = [...used].filter(([image, { open }]) => update || (open && !known.has(image)));
  io.progress(`asking registries for ${wanted.length} image(s)`);
  const answers = await Promise.all(
    wanted.map(async ([image, { ref }]) => [image, await ask(ref, registry, io)] as const),
  );
  io.progress('');
  if (io.stopped()) return true;
  const next = new Map<string, LockEntry>(known);
  // a part of the repository does not know what the rest uses
  if (place.paths.includes('')) for (const image of known.keys()) if (!used.has(image)) next.delete(image);
  const remarks: Failure[] = [];
  for (const [image, { entry, remark }] of answers) {
    if (remark !== undefined) remarks.push({ what: image, why: remark });
    if (entry) next.set(image, renewed(entry, known.get(image), used.get(image) as Used));
  }
  for (const line of failureLines(remarks)) io.err.write(`${line}\n`);
  const isFailed = answers.some(([, { entry }]) => !entry);
  // a file that holds nothing would only look as if it did
  if (before === undefined && next.size === 0) {
    if (!quiet)
      io.err.write(`${name}: not written, ${isFailed ? 'no registry answered' : 'no image is used by its tag'}\n`);
    return isFailed;
  }
  const text = formatLock([...next.values()], packages, head);
  const after = before?.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
  const error = before === after ? undefined : write(path, place.root, before, after);
  if (error !== undefined) io.err.write(`${name}: ${error}\n`);
  else if (!quiet) io.err.write(`${name}: ${summary(known, next)}\n`);
  return isFailed || error !== undefined;
}

function readLock(
  tree: Tree,
  name: string,
): { readonly before: string | undefined; readonly head: string | undefined } & Omit<LockFile, 'head'> {
  if (tree.kind(LOCK_NAME) === undefined) return { before: undefined, head: undefined, entries: [], packages: [] };
  const read = tree.readForRewrite(LOCK_NAME);
  if ('error' in read) throw new UsageError(`${name} ${read.error}`);
  const lock = parseLock(read.text);
  if ('error' in lock) throw new UsageError(`${name}: ${lock.error}`);
  return { before: read.text, ...lock };
}

/** The images that the Dockerfiles name, and those that the transforms would write and pin: `golang` with a go.mod of 1.26. */
async function usedImages(request: Request, plan: Plan, io: Io): Promise<ReadonlyMap<string, Used>> {
  const { tree, dockerfiles } = plan;
  const used = new Map<string, Used>();
  for (const path of dockerfiles) {
    const read = tree.readForRewrite(path);
    const document = 'error' in read ? undefined : Document.read(path, read.text);
    if (!(document instanceof Document)) continue;
    for (const { ref } of imageReferences(document)) {
      // a digest without a tag stands for itself
      if (!ref || (ref.digest !== undefined && ref.tag === undefined)) continue;
      const image = used.get(imageName(ref)) ?? { ref, open: false, digests: new Set() };
      if (ref.digest === undefined) image.open = true;
      else image.digests.add(ref.digest);
      used.set(imageName(ref), image);
    }
  }
  await prepareProjects(tree);
  // without the lock that is there: what it answers would not be asked
  const remote = new RemoteFacts({ read: () => undefined });
  await rehearse(request, plan, remote, io, byDigest);
  for (const question of remote.questions()) {
    if (question.kind === 'file' || question.idle || used.has(imageName(question.ref))) continue;
    used.set(imageName(question.ref), { ref: question.ref, open: true, digests: new Set() });
  }
  return used;
}

const byDigest = (settings: Settings): Settings => ({
  ...settings,
  options: { ...settings.options, 'pin-base': { ...settings.options['pin-base'], to: 'digest' } },
});

async function ask(ref: ImageRef, registry: Registry, io: Io): Promise<{ entry?: LockEntry; remark?: string }> {
  const image = await registry.image(ref);
  if (image instanceof RegistryError) return { remark: image.message };
  const patch = await patchTag(registry, ref, image.digest);
  const tag = ref.tag ?? 'latest';
  const precise = typeof patch === 'string' && patch !== tag ? { patch } : {};
  return {
    entry: { name: familiarName(ref), tag, ...image, ...precise, date: today(io) },
    ...(patch instanceof RegistryError && { remark: `its patch release is not known: ${patch.message}` }),
  };
}

/**
 * The new entry: what Dockerfiles hold beside the tag is older than it. The day stays while nothing else changes, so that a
 * renewed file shows what is new.
 */
function renewed(entry: LockEntry, old: ReadEntry | undefined, { digests }: Used): LockEntry {
  const older = [...digests].filter((digest) => digest !== entry.digest).sort();
  const next = { ...entry, ...(old && { comments: old.comments }), ...(older.length > 0 && { replaces: older }) };
  if (!old) return next;
  const { replaces: _, ...rest } = old;
  const isSame = formatLock([{ ...entry, date: old.date }]) === formatLock([{ ...rest, comments: '' }]);
  const dated = isSame ? { ...next, date: old.date } : next;
  return formatLock([dated]) === formatLock([old]) ? old : dated;
}

function write(path: string, root: string, before: string | undefined, after: string): string | undefined {
  try {
    return void writeWhole({ path, root, before, after });
  } catch (error) {
    if (error instanceof WriteError) return error.message;
    throw error;
  }
}

function summary(before: ReadonlyMap<string, LockEntry>, after: ReadonlyMap<string, LockEntry>): string {
  const fresh = [...after.keys()].filter((image) => !before.has(image)).length;
  const gone = [...before.keys()].filter((image) => !after.has(image)).length;
  const renewed = [...after].filter(([image, entry]) => before.has(image) && before.get(image) !== entry).length;
  const parts = [`${fresh} new`, `${renewed} renewed`, `${gone} gone`].filter((part) => !part.startsWith('0'));
  return `${after.size} image(s)${parts.length === 0 ? ', nothing new' : `: ${parts.join(', ')}`}`;
}
