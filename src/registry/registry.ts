/**
 * What registries know about images: the digest of a tag, its platforms, the tags of a repository; and checksums of files
 * on the web. Every question is asked once per run, failures are values, and an answer is what was verified.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { familiarName, type ImageRef } from '../image.ts';
import type { Cache } from './cache.ts';
import type { Found } from './docker-config.ts';
import { RegistryError } from './error.ts';
import { type Answer, type Network, send } from './http.ts';
import { ACCEPT, isDigest, parseObject, readConfig, readManifest } from './manifest.ts';
import { registryUrl } from './mirrors.ts';
import type { Environment } from './proxy.ts';
import { Session } from './session.ts';
import { turns } from './turns.ts';

/** An image as the registry has it now. */
export interface RemoteImage {
  /** Of the index where the image is for several platforms. */
  readonly digest: string;
  /** `linux/amd64`, sorted. */
  readonly platforms: readonly string[];
}

export interface RegistryOptions {
  readonly env: Environment;
  readonly credentials: (host: string) => Promise<Found>;
  /** Mirrors of Docker Hub, asked before it. */
  readonly mirrors?: readonly URL[];
  readonly cache?: Cache;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Milliseconds for one exchange; default 20 s. */
  readonly timeout?: number;
  /** The longest wait that a registry may ask for, in milliseconds; default 30 s. */
  readonly patience?: number;
  /** Requests at a time; default 4. */
  readonly parallel?: number;
  /** A certificate authority to trust beside those of the system (PEM). */
  readonly ca?: string;
  /** Ends every request and every wait. */
  readonly signal?: AbortSignal;
}

const DOCKER_HUB = 'https://registry-1.docker.io';
const MANIFEST_LIMIT = 4 * 1024 * 1024;
const TAGS_LIMIT = 16 * 1024 * 1024;
/** Tags per page, pages and tags: node has about 10,000 tags. */
const PAGE = 1000;
const MAX_PAGES = 100;
const MAX_TAGS = 250_000;
const FILE_LIMIT = 4 * 1024 * 1024 * 1024;
const FILE_TIMEOUT = 5 * 60 * 1000;

export class Registry {
  private readonly options: RegistryOptions;
  private readonly network: Network;
  private readonly turn = turns(4);
  private readonly sessions = new Map<string, Session>();
  private readonly asked = new Map<string, Promise<unknown>>();

  constructor(options: RegistryOptions) {
    this.options = options;
    const { env, ca, signal } = options;
    this.network = { env, ...(ca !== undefined && { ca }), ...(signal && { signal }) };
    if (options.parallel !== undefined) this.turn = turns(options.parallel);
  }

  /** The image of a tag (`latest` when none is written). Never rejects. */
  image(ref: ImageRef): Promise<RemoteImage | RegistryError> {
    const tag = ref.tag ?? 'latest';
    return this.once(`image ${familiarName(ref)}:${tag}`, isRemoteImage, () =>
      this.anywhere(ref, async (session) => {
        const manifest = readManifest(await getManifest(session, ref.path, tag), session.host);
        if ('platforms' in manifest) return manifest;
        const path = `/v2/${ref.path}/blobs/${manifest.config}`;
        const config = await session.ask(ref.path, path, { limit: MANIFEST_LIMIT });
        return { digest: manifest.digest, platforms: [readConfig(config, manifest.config, session.host)] };
      }),
    );
  }

  /** The digest of a tag alone, which costs no pull. Never rejects. */
  digest(ref: ImageRef & { readonly tag: string }): Promise<string | RegistryError> {
    return this.once(`digest ${familiarName(ref)}:${ref.tag}`, isDigest, () =>
      this.anywhere(ref, async (session) => {
        const head = await getManifest(session, ref.path, ref.tag, 'HEAD');
        const claimed = head.headers['docker-content-digest'];
        if (isDigest(claimed)) return claimed;
        return readManifest(await getManifest(session, ref.path, ref.tag), session.host).digest;
      }),
    );
  }

  /** Every tag of a repository, sorted by code unit. Never rejects. */
  tags(ref: Pick<ImageRef, 'registry' | 'path'>): Promise<readonly string[] | RegistryError> {
    return this.once(`tags ${familiarName(ref)}`, isStrings, () =>
      this.anywhere(ref, (session) => allTags(session, ref.path)),
    );
  }

  /** `sha256:...` of the file that a URL leads to. Never rejects. */
  checksum(url: string): Promise<string | RegistryError> {
    return this.once(`file ${url}`, isDigest, () =>
      this.turn(async () => {
        if (!URL.canParse(url)) throw new RegistryError('bad-answer', `${url} is no URL`);
        const hash = createHash('sha256');
        const take = (chunk: Buffer): void => void hash.update(chunk);
        const { host } = new URL(url);
        const { status } = await send(new URL(url), { limit: FILE_LIMIT, timeout: FILE_TIMEOUT, take }, this.network);
        if (status === 200) return `sha256:${hash.digest('hex')}`;
        const code = status === 404 ? 'not-found' : status >= 500 ? 'server-error' : 'bad-answer';
        throw new RegistryError(code, `${host} answers with the status ${status}`);
      }),
    );
  }

  /** One question of a run: asked once, looked up in the cache first, kept there when it went well. */
  private once<T>(
    key: string,
    valid: (value: unknown) => value is T,
    ask: () => Promise<T>,
  ): Promise<T | RegistryError> {
    const known = this.asked.get(key) as Promise<T | RegistryError> | undefined;
    if (known) return known;
    const answer = (async () => {
      const kept = this.options.cache?.get(key);
      if (valid(kept)) return kept;
      try {
        const value = await ask();
        this.options.cache?.set(key, value);
        return value;
      } catch (error) {
        if (error instanceof RegistryError) return error;
        throw error;
      }
    })();
    this.asked.set(key, answer);
    return answer;
  }

  /** Asks the mirrors of Docker Hub, then the registry itself, whose reason is the one that counts. */
  private async anywhere<T>(
    { registry }: Pick<ImageRef, 'registry'>,
    ask: (session: Session) => Promise<T>,
  ): Promise<T> {
    for (const mirror of registry === 'docker.io' ? (this.options.mirrors ?? []) : []) {
      try {
        return await ask(this.session(mirror.host, mirror));
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
      }
    }
    const base = registry === 'docker.io' ? DOCKER_HUB : registryUrl(registry);
    return await ask(this.session(registry, new URL(base)));
  }

  private session(host: string, base: URL): Session {
    const known = this.sessions.get(base.href);
    if (known) return known;
    const { credentials, now, timeout = 20_000, patience = 30_000, signal } = this.options;
    const pause = (ms: number) => delay(ms, undefined, signal && { signal }).catch(() => {});
    const sleep = this.options.sleep ?? pause;
    const { network, turn } = this;
    const session = new Session(host, base, { network, credentials, timeout, patience, now, sleep, turn });
    this.sessions.set(base.href, session);
    return session;
  }
}

function getManifest(session: Session, path: string, tag: string, method: 'GET' | 'HEAD' = 'GET'): Promise<Answer> {
  return session.ask(path, `/v2/${path}/manifests/${tag}`, { method, accept: ACCEPT, limit: MANIFEST_LIMIT });
}

async function allTags(session: Session, path: string): Promise<readonly string[]> {
  let all: readonly string[] = [];
  let next: string | undefined = `/v2/${path}/tags/list?n=${PAGE}`;
  for (let pages = 0; next !== undefined; pages++) {
    if (pages === MAX_PAGES || all.length > MAX_TAGS) {
      throw new RegistryError('bad-answer', `${session.host} lists tags without end`);
    }
    const answer: Answer = await session.ask(path, next, { limit: TAGS_LIMIT });
    // an empty repository has null
    const list = parseObject(answer.body);
    const tags = list && 'tags' in list ? (list.tags ?? []) : undefined;
    if (!isStrings(tags))
      throw new RegistryError('bad-answer', `${session.host} answers with something that is no list of tags`);
    all = all.concat(tags);
    next = nextPage(answer);
  }
  return [...all].sort();
}

/** `Link: </v2/x/tags/list?n=2&last=b>; rel="next"`: the path and the query; the host stays the one that was asked. */
function nextPage({ headers }: Answer): string | undefined {
  const link = typeof headers.link === 'string' ? /<([^>]*)>\s*;\s*rel="?next"?/i.exec(headers.link)?.[1] : undefined;
  if (link === undefined || !URL.canParse(link, 'https://host')) return undefined;
  const { pathname, search } = new URL(link, 'https://host');
  // `//other` would be another host
  return `${pathname.replace(/^\/+/, '/')}${search}`;
}

const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

function isRemoteImage(value: unknown): value is RemoteImage {
  const { digest, platforms } = (value ?? {}) as Record<string, unknown>;
  return isDigest(digest) && isStrings(platforms) && platforms.length > 0;
}
