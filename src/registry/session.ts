/** Questions to one host of the distribution API (/v2/): authentication, patience with limits, plain reasons. */
import { authorize, limited, PAUSE, unauthorized } from './auth.ts';
import type { Found } from './docker-config.ts';
import { RegistryError } from './error.ts';
import { type Answer, type Network, retryAfter, send } from './http.ts';

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
/** Questions in a row without an answer, after which a host is not asked any more. */
const SILENCES = 3;

export class Session {
  /** As people and the Docker configuration name it: docker.io, ghcr.io, localhost:5000. */
  readonly host: string;
  private readonly base: URL;
  private readonly options: SessionOptions;
  /** Authorization headers by scope. */
  private readonly tickets = new Map<string, Promise<string>>();
  private silences = 0;

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
      try {
        return await turn(() => this.heard(() => this.granted(repository, path, request)));
      } catch (error) {
        const again = error instanceof RegistryError ? error.again : undefined;
        if (left === 0 || again === undefined || again > patience) throw error;
        if (again > 0) await sleep(again);
      }
    }
  }

  /** Hosts that stay silent are not waited for again and again: each time takes the whole time-out. */
  private async heard<T>(request: () => Promise<T>): Promise<T> {
    if (this.silences >= SILENCES) {
      throw new RegistryError('unreachable', `${this.host} is not asked any more: it gave no answer ${SILENCES} times`);
    }
    try {
      const answer = await request();
      this.silences = 0;
      return answer;
    } catch (error) {
      const isSilent = error instanceof RegistryError && error.code === 'timeout';
      this.silences = isSilent ? this.silences + 1 : 0;
      throw error;
    }
  }

  /** @throws RegistryError for every answer but 200 */
  private async granted(...question: Parameters<Session['ask']>): Promise<Answer> {
    const answer = await this.once(...question);
    if (answer.status === 200) return answer;
    throw this.refusal(answer, question[0]);
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
      const answer = await send(url, { method, headers, limit, timeout }, network);
      // whoever it leads to names no token server for the credentials of this host
      if (answer.status === 401 && answer.url.origin !== this.base.origin) {
        throw new RegistryError('unauthorized', `${this.host} leads to ${answer.url.host}, which wants credentials`);
      }
      return answer;
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
    const { network, timeout, credentials, now } = this.options;
    const header = headers['www-authenticate'] ?? '';
    return authorize({ host: this.host, header, scope, timeout, now: now() }, await credentials(this.host), network);
  }

  private refusal(answer: Answer, repository: string): RegistryError {
    const { host } = this;
    const { status } = answer;
    if (status === 404) return new RegistryError('not-found', `${host} has no such image`);
    if (status === 403) return new RegistryError('unauthorized', `${host} denies access to ${repository}`);
    if (status === 429) return limited(host, retryAfter(answer, this.options.now()));
    if (status >= 500) return new RegistryError('server-error', `${host} fails (${status})`, PAUSE);
    return new RegistryError('bad-answer', `${host} answers with the status ${status}`);
  }
}
