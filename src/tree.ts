/**
 * A virtual file tree: the disk below one root folder, with what is planned on top. Nothing is written here.
 * Paths are relative to the root with forward slashes. A path that leaves the root ('..', absolute, through a link)
 * reads as absent; links inside of the root are followed. Caches are small and fixed, whatever the number of files.
 */
import { isUtf8 } from 'node:buffer';
import * as fs from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { normalisePath } from './normalise-path.ts';
import { codeOf, readRegular, whyNotText, whyNowhere } from './read-file.ts';
import { Recent } from './recent.ts';

/** Largest file that facts are read from. */
export const FACT_LIMIT = 2 * 1024 * 1024;
/** Largest file that is rewritten. */
export const REWRITE_LIMIT = 4 * 1024 * 1024;

/** Characters of the files that are kept after they were read. */
const TEXTS_KEPT = 4_000_000;

export type Kind = 'file' | 'dir';

/** Text before and after; `before` undefined: a new file. */
export interface Planned {
  readonly before: string | undefined;
  readonly after: string;
}

/** Where a path leads, and what the disk has there. */
interface Place {
  readonly path: string;
  readonly kind: Kind | undefined;
}

/** What a folder holds, sorted by code unit. */
interface Entries {
  readonly names: readonly string[];
  readonly byName: ReadonlyMap<string, fs.Dirent>;
}

const kindOf = (stats: fs.Stats | fs.Dirent | undefined): Kind | undefined =>
  stats?.isFile() ? 'file' : stats?.isDirectory() ? 'dir' : undefined;

/** The folder of a path, the root as ''. */
const dirname = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class Tree {
  /** Absolute path of the root, links resolved. */
  readonly realRoot: string;
  readonly #planned = new Map<string, Planned>();
  /** What was planned or taken back, one entry each time. */
  readonly #journal: string[] = [];
  /** Folders above planned new files, and the names that these bring into them. */
  readonly #added = new Map<string, Set<string>>();
  readonly #places = new Recent<Place | undefined>(2000);
  // one transform after the other reads the same files
  readonly #texts = new Recent<string | undefined>(TEXTS_KEPT, (text) => 100 + (text?.length ?? 0));
  readonly #folders = new Recent<Entries | undefined>(5000, (entries) => 10 + (entries?.names.length ?? 0));

  /** @throws when the root does not exist. */
  constructor(root: string) {
    this.realRoot = fs.realpathSync(root);
  }

  /** The path with every link resolved (parents too, for a file that is yet to be made); undefined: outside of the root. */
  canonical(path: string): string | undefined {
    return this.#placeOf(path)?.path;
  }

  /** What is known by a path was clean: most questions are asked again and again. */
  #placeOf(path: string): Place | undefined {
    const known = this.#places.known(path);
    if (known !== undefined) return known;
    const clean = normalisePath(path);
    return clean === undefined ? undefined : this.#place(clean);
  }

  #place(clean: string): Place | undefined {
    return this.#places.get(clean, () => this.#find(clean));
  }

  #find(clean: string): Place | undefined {
    if (clean === '') return { path: '', kind: 'dir' };
    const above = this.#place(dirname(clean));
    if (above === undefined) return undefined;
    const parent = above.path;
    const name = clean.slice(clean.lastIndexOf('/') + 1);
    const path = parent === '' ? name : `${parent}/${name}`;
    // below a file, or below what is not there
    if (above.kind !== 'dir') return { path, kind: undefined };
    try {
      const entries = this.#entriesOf(parent);
      const entry = entries
        ? entries.byName.get(name)
        : fs.lstatSync(join(this.realRoot, path), { throwIfNoEntry: false });
      if (!entry?.isSymbolicLink()) return { path, kind: kindOf(entry) };
      const full = join(this.realRoot, path);
      const target = normalisePath(relative(this.realRoot, fs.realpathSync.native(full)).split(sep).join('/'));
      return target === undefined ? undefined : { path: target, kind: kindOf(fs.statSync(full)) };
    } catch {
      return undefined; // a broken link, a loop, a folder that may not be searched
    }
  }

  /** 'file' (regular files only), 'dir', or undefined: absent, outside of the root, a device, a broken link. */
  kind(path: string): Kind | undefined {
    const place = this.#placeOf(path);
    if (place === undefined) return undefined;
    if (this.#planned.has(place.path)) return 'file';
    return this.#added.has(place.path) ? 'dir' : place.kind;
  }

  /** Names in a folder, sorted by code unit, planned files among them; [] when it is absent or cannot be read. */
  list(path: string): readonly string[] {
    const place = this.canonical(path);
    if (place === undefined) return [];
    const names = this.#entriesOf(place)?.names ?? [];
    const added = this.#added.get(place);
    return added ? [...new Set([...names, ...added])].sort(byCodeUnit) : names;
  }

  /** What the disk has in a folder, sorted by code unit, whatever is planned; [] when it cannot be listed. */
  entries(path: string): readonly fs.Dirent[] {
    const place = this.canonical(path);
    const entries = place === undefined ? undefined : this.#entriesOf(place);
    return entries ? [...entries.byName.values()] : [];
  }

  /** What a folder holds, sorted: one look at it answers most questions about its files. Undefined: it cannot be listed. */
  #entriesOf(place: string): Entries | undefined {
    return this.#folders.get(place, () => {
      try {
        const entries = fs.readdirSync(join(this.realRoot, place), { withFileTypes: true });
        entries.sort((a, b) => byCodeUnit(a.name, b.name));
        const byName = new Map(entries.map((entry) => [entry.name, entry]));
        return { names: entries.map(({ name }) => name), byName };
      } catch {
        return undefined;
      }
    });
  }

  /** The first `limit` bytes of a file, planned text first; undefined: absent, not a regular file, unreadable. */
  readBytes(path: string, limit: number = FACT_LIMIT): Uint8Array | undefined {
    const place = this.canonical(path);
    if (place === undefined) return undefined;
    const planned = this.#planned.get(place);
    return planned ? Buffer.from(planned.after).subarray(0, limit) : this.#bytesOf(place, limit);
  }

  #bytesOf(place: string, limit: number): Uint8Array | undefined {
    if (this.#place(place)?.kind !== 'file') return undefined;
    try {
      return readRegular(join(this.realRoot, place), limit).bytes;
    } catch {
      return undefined;
    }
  }

  /**
   * The text of a file, planned text first, a byte order mark kept. Undefined: absent, outside of the root, larger than
   * FACT_LIMIT, binary (a NUL byte), not UTF-8, unreadable.
   */
  read(path: string): string | undefined {
    const place = this.canonical(path);
    if (place === undefined) return undefined;
    const planned = this.#planned.get(place);
    if (planned) return planned.after;
    return this.#textOf(place);
  }

  /** The same, whatever is planned. */
  readDisk(path: string): string | undefined {
    const place = this.canonical(path);
    return place === undefined ? undefined : this.#textOf(place);
  }

  #textOf(place: string): string | undefined {
    return this.#texts.get(place, () => {
      const bytes = this.#bytesOf(place, FACT_LIMIT + 1);
      if (!bytes || bytes.length > FACT_LIMIT || bytes.includes(0) || !isUtf8(bytes)) return undefined;
      return decoder.decode(bytes);
    });
  }

  /**
   * The whole text of a file that is to be rewritten, and its permission bits; or one plain reason why it cannot be,
   * which reads well after the path (`is a folder`). Never blocks on a pipe or a device.
   */
  readForRewrite(path: string): { readonly text: string; readonly mode: number } | { readonly error: string } {
    const clean = normalisePath(path);
    if (clean === undefined) return { error: 'lies outside of the root folder' };
    const planned = this.#planned.get(this.canonical(clean) ?? clean);
    const full = join(this.realRoot, clean);
    try {
      const link = fs.lstatSync(full, { throwIfNoEntry: false });
      if (!link) return planned ? { text: planned.after, mode: 0o644 } : { error: 'does not exist' };
      const place = this.canonical(clean);
      if (place === undefined) return { error: whyNowhere(full, link) };
      const { bytes, stats } = readRegular(join(this.realRoot, place), REWRITE_LIMIT + 1);
      if (stats.isDirectory()) return { error: 'is a folder' };
      if (!bytes) return { error: 'is not a regular file' };
      if (bytes.length > REWRITE_LIMIT) {
        return {
          error: `is larger than ${REWRITE_LIMIT / 1024 / 1024} MB (${(stats.size / 1024 / 1024).toFixed(1)} MB)`,
        };
      }
      const mode = stats.mode & 0o7777;
      if (planned) return { text: planned.after, mode };
      const error = whyNotText(bytes);
      if (error !== undefined) return { error };
      const text = decoder.decode(bytes);
      // it is asked for once more: what it copies may tell where its build context is
      if (bytes.length <= FACT_LIMIT) this.#texts.get(place, () => text);
      return { text, mode };
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EACCES' || code === 'EPERM') return { error: 'cannot be read: permission denied' };
      if (code === 'ENOTDIR' || code === 'ENOENT') return { error: 'does not exist' };
      return { error: `cannot be read: ${code}` };
    }
  }

  /**
   * Plans the text of a file, new or changed; every read sees it from now on. Text equal to the disk's takes the plan back.
   * @throws when the path is outside of the root, or what is there is no text file.
   */
  plan(path: string, text: string): void {
    const place = this.canonical(path);
    if (!place) throw new Error(`${path} lies outside of the root folder`);
    const known = this.#planned.get(place);
    let before = known?.before;
    if (!known && fs.lstatSync(join(this.realRoot, place), { throwIfNoEntry: false })) {
      const disk = this.readForRewrite(place);
      if ('error' in disk) throw new Error(`${path} ${disk.error}`);
      before = disk.text;
    }
    this.#journal.push(place);
    if (before === text) this.#planned.delete(place);
    else this.#planned.set(place, { before, after: text });
    if (before === undefined) this.#addFolders(place);
  }

  #addFolders(file: string): void {
    for (let path = file; path !== ''; ) {
      const folder = dirname(path);
      this.#added.set(folder, (this.#added.get(folder) ?? new Set()).add(posix.basename(path)));
      path = folder;
    }
  }

  /** Takes the plan for one file back. */
  unplan(path: string): void {
    const place = this.canonical(path);
    if (place === undefined || !this.#planned.delete(place)) return;
    this.#journal.push(place);
    this.#added.clear();
    for (const [file, { before }] of this.#planned) if (before === undefined) this.#addFolders(file);
  }

  /** Takes every plan back. */
  unplanAll(): void {
    this.#journal.push(...this.#planned.keys());
    this.#planned.clear();
    this.#added.clear();
  }

  /** What is planned, by path (links resolved), in the order in which it was planned first. */
  planned(): ReadonlyMap<string, Planned> {
    return this.#planned;
  }

  /** Another number whenever plans have changed. */
  get revision(): number {
    return this.#journal.length;
  }

  /** The files whose plans have changed since a revision, some of them more than once; links resolved. */
  replanned(since: number): readonly string[] {
    return this.#journal.slice(since);
  }

  /** Forgets plans and what was read: for use after the files were written. */
  forget(): void {
    this.unplanAll();
    // another revision, where nothing was planned as well
    this.#journal.push('');
    for (const cache of [this.#places, this.#texts, this.#folders]) cache.clear();
  }
}
