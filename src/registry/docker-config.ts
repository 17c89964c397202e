/**
 * Credentials as the Docker command line keeps them: config.json with `auths`, `credsStore` and `credHelpers`. A helper is a
 * program of the user's, `docker-credential-NAME`; it is run here, so nothing but a run that asks the network may get here.
 * Source: docker/cli cli/config, docker/docker-credential-helpers; read 2026-11.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './proxy.ts';

export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** Exchanged for a token at the token server. */
  | { readonly kind: 'identity'; readonly token: string }
  /** Sent as it is. */
  | { readonly kind: 'bearer'; readonly token: string };

/** What is known for a registry. `problem`: why credentials that should be there are not, for the message of a failure. */
export interface Found {
  readonly credentials?: Credentials;
  readonly problem?: string;
}

const HUB = 'https://index.docker.io/v1/';
/** Milliseconds; somebody may have to unlock a keychain. */
const HELPER_TIMEOUT = 30_000;
/** Characters that an answer of a helper has at most. */
const HELPER_LIMIT = 1024 * 1024;

interface Config {
  readonly auths?: Readonly<Record<string, unknown>>;
  readonly credsStore?: unknown;
  readonly credHelpers?: Readonly<Record<string, unknown>>;
}

/** Reads the configuration once and answers for each registry host once. */
export class DockerConfig {
  private readonly env: Environment;
  private readonly known = new Map<string, Promise<Found>>();
  private readonly config: Config;
  private readonly problem: string | undefined;
  private readonly helperTimeout: number;

  /** `helperTimeout`: milliseconds that a credential helper may take. */
  constructor(env: Environment, helperTimeout = HELPER_TIMEOUT) {
    this.env = env;
    this.helperTimeout = helperTimeout;
    const path = join(env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker'), 'config.json');
    let text = '{}';
    let problem: string | undefined;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problem = `${path} cannot be read`;
    }
    let config: unknown;
    try {
      config = JSON.parse(text);
    } catch {
      problem = `${path} is no JSON`;
    }
    this.config = typeof config === 'object' && config !== null ? config : {};
    this.problem = problem;
  }

  /** Credentials for a registry host (`docker.io`, `ghcr.io`, `localhost:5000`). Never rejects. */
  of(host: string): Promise<Found> {
    const found = this.known.get(host) ?? this.find(host);
    this.known.set(host, found);
    return found;
  }

  private async find(host: string): Promise<Found> {
    const key = host === 'docker.io' ? HUB : host;
    const { auths, credsStore, credHelpers } = this.config;
    const own = entryOf(credHelpers, host);
    const helper = typeof own === 'string' ? own : credsStore;
    if (typeof helper === 'string' && helper !== '') {
      const answer = await askHelper(helper, key, this.env, this.helperTimeout);
      if (answer.credentials || answer.problem) return answer;
    }
    const credentials = credentialsOf(entryOf(auths, host));
    if (credentials) return { credentials };
    return this.problem === undefined ? {} : { problem: this.problem };
  }
}

/** Keys may be a host, a URL or, for Docker Hub, one of its old names. */
function entryOf(table: Readonly<Record<string, unknown>> | undefined, host: string): unknown {
  if (typeof table !== 'object' || table === null) return undefined;
  const key = Object.keys(table).find((name) => hostOf(name) === host);
  return key === undefined ? undefined : table[key];
}

function hostOf(key: string): string {
  const host = key.replace(/^https?:\/\//, '').split('/')[0] as string;
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

function credentialsOf(entry: unknown): Credentials | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { auth, username, password, identitytoken, registrytoken } = entry as Record<string, unknown>;
  if (typeof identitytoken === 'string' && identitytoken !== '') return { kind: 'identity', token: identitytoken };
  if (typeof registrytoken === 'string' && registrytoken !== '') return { kind: 'bearer', token: registrytoken };
  if (typeof auth === 'string' && auth !== '') {
    const [, user, secret] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(auth, 'base64').toString('utf8')) ?? [];
    return user ? { kind: 'password', username: user, password: (secret as string).replace(/\0+$/, '') } : undefined;
  }
  if (typeof username !== 'string' || username === '' || typeof password !== 'string') return undefined;
  return { kind: 'password', username, password };
}

/** `docker-credential-NAME get` with the server on its input. */
async function askHelper(name: string, server: string, env: Environment, timeout: number): Promise<Found> {
  const program = `docker-credential-${name}`;
  if (!/^[\w.-]+$/.test(name)) return { problem: `${name} is no name of a credential helper` };
  const { code, out, error } = await runHelper(program, server, env, timeout);
  if (error !== undefined) return { problem: `${program} ${error}` };
  if (code !== 0) {
    // `credentials not found in native keychain`: the registry is asked without
    return /not found/i.test(out) ? {} : { problem: `${program} fails: ${firstLine(out)}` };
  }
  try {
    const { Username: username, Secret: secret } = JSON.parse(out) as Record<string, unknown>;
    if (typeof username !== 'string' || typeof secret !== 'string' || secret === '') return {};
    if (username === '<token>') return { credentials: { kind: 'identity', token: secret } };
    return { credentials: { kind: 'password', username, password: secret } };
  } catch {
    return { problem: `${program} answers with something that is no JSON` };
  }
}

const firstLine = (text: string): string => (text.trim().split('\n')[0] as string).slice(0, 200);

function runHelper(
  program: string,
  input: string,
  env: Environment,
  timeout: number,
): Promise<{ code: number | null; out: string; error?: string }> {
  return new Promise((done) => {
    // not in the folder that is being rewritten: nothing of it may be found as a program
    const child = spawn(program, ['get'], {
      cwd: homedir(),
      env: env as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let out = '';
    // what the helper started may keep its output open for longer than it lives itself
    const giveUp = (error: string): void => {
      child.kill('SIGKILL');
      child.stdout.destroy();
      done({ code: null, out: '', error });
    };
    const timer = setTimeout(() => giveUp(`gives no answer within ${timeout / 1000} s`), timeout);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.length > HELPER_LIMIT) giveUp('answers with something that is no JSON');
    });
    child.on('error', ({ code }: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      done({ code: null, out, error: code === 'ENOENT' ? 'is not installed' : `cannot be run (${code})` });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, out, ...(code === null && { error: 'gives no answer' }) });
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
