/** Questions to one host of the distribution API (/v2/): authentication, patience with limits, plain reasons. */
import { authorize, unauthorized } from './auth.ts';
import type { Found } from './docker-config.ts';
import { RegistryError } from './error.ts';
import { type Answer, type Network, send } from './http.ts';

export interface SessionOptions {
  readonly network: Network;
  /** Credentials of a host; asked for only after the host asked. */
  readonly credentials: (host: string) => Promise<Found>;
  /** Milliseconds for one exchange. */
  readonly timeout: number;
  /** The longest wait that Retry-After may ask for, in milliseconds. */
  readonly patience: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Runs a request when its turn has come. */
  readonly turn: <T>(request: () => Promise<T>) => Promise<T>;
}

const RETRIES = 2;
/** Milliseconds before a registry that failed is asked again. */
const PAUSE = 500;

export class Session {
  /** As people and the Docker configuration name it: docker.io, ghcr.io, localhost:5000. */
  readonly host: string;
  private readonly base: URL;
  private readonly options: SessionOptions;
  /** Authorization headers by scope. */
  private readonly tickets = new Map<string, Promise<string>>();

  constructor(host: string, base: URL, options: SessionOptions) {
    this.host = host;
    this.base = base;
    this.options = options;
  }

  /**
   * Asks for something of a repository (`library/node`); `path` is a path of this host. Waits where the registry names a
   * time, asks again after a failure that may pass.
   * @throws RegistryError
   */
  async ask(
    repository: string,
    path: string,
    request: { readonly method?: 'GET' | 'HEAD'; readonly accept?: string; readonly limit: number },
  ): Promise<Answer> {
    const { patience, sleep, turn } = this.options;
    for (let left = RETRIES; ; left--) {
      let answer: Answer;
      try {
        answer = await turn(() => this.once(repository, path, request));
      } catch (error) {
        if (!(error instanceof RegistryError) || !error.passing || left === 0) throw error;
        continue;
      }
      if (answer.status === 200) return answer;
      const wait = answer.status === 429 ? this.retryAfter(answer) : answer.status >= 500 ? PAUSE : undefined;
      if (left === 0 || wait === undefined || wait > patience) throw this.refusal(answer, repository, wait);
      await sleep(wait);
    }
  }

  private async once(
    repository: string,
    path: string,
    { method = 'GET', accept, limit }: Parameters<Session['ask']>[2],
  ): Promise<Answer> {
    const { network, timeout } = this.options;
    const scope = `repository:${repository}:pull`;
    const url = new URL(path, this.base);
    const ask = async (known: Promise<string> | undefined): Promise<Answer> => {
      const ticket = await known;
      const headers = { ...(accept && { accept }), ...(ticket && { authorization: ticket }) };
      return await send(url, { method, headers, limit, timeout }, network);
    };
    const sent = this.tickets.get(scope);
    const first = await ask(sent);
    if (first.status !== 401) return first;
    // none yet, or it has expired; unless another request has got a new one meanwhile
    if (this.tickets.get(scope) === sent) this.renew(first, scope);
    const second = await ask(this.tickets.get(scope));
    if (second.status !== 401) return second;
    throw unauthorized(this.host, await this.options.credentials(this.host));
  }

  private renew(refused: Answer, scope: string): void {
    const ticket = this.ticket(refused, scope);
    this.tickets.set(scope, ticket);
    ticket.catch(() => this.tickets.delete(scope));
  }

  private async ticket({ headers }: Answer, scope: string): Promise<string> {
    const { network, timeout, credentials } = this.options;
    const header = headers['www-authenticate'] ?? '';
    return authorize({ host: this.host, header, scope, timeout }, await credentials(this.host), network);
  }

  /** Milliseconds; undefined: the registry does not say. Seconds or a date (RFC 9110). */
  private retryAfter({ headers }: Answer): number | undefined {
    const value = headers['retry-after'];
    if (value === undefined) return undefined;
    const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - this.options.now();
    return Number.isNaN(wait) ? undefined : Math.max(0, wait);
  }

  private refusal({ status }: Answer, repository: string, wait: number | undefined): RegistryError {
    const { host } = this;
    if (status === 404) return new RegistryError('not-found', `${host} has no such image`);
    if (status === 403) return new RegistryError('unauthorized', `${host} denies access to ${repository}`);
    if (status === 429) {
      const hint = wait === undefined ? 'a login raises it' : `it asks to wait ${Math.ceil(wait / 1000)} s`;
      return new RegistryError('rate-limited', `${host} has reached its limit of requests for now; ${hint}`);
    }
    if (status >= 500) return new RegistryError('server-error', `${host} fails (${status})`);
    return new RegistryError('bad-answer', `${host} answers with the status ${status}`);
  }
}
