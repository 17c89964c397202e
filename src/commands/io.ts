/** What a command sees of the outside world; cli.ts fills it in, tests put their own. */
import type { Paint } from '../report/text.ts';

/** The report could not be written: one line. The files themselves are as the run left them. */
export class OutputError extends Error {}

export interface Sink {
  write(text: string | Uint8Array): void;
  /** Nobody reads any more (a closed pipe): no need to go on printing. */
  readonly closed: boolean;
}

export interface Io {
  /** Absolute real path of the working folder. */
  readonly cwd: string;
  readonly version: string;
  /** The environment: proxies, folders, what the Docker command line reads. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How many threads the machine has processors for. */
  readonly processors: number;
  /** The file of the program, which a worker thread runs as well; undefined: there are none. */
  readonly program: URL | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The report: stdout, or the file of `-o`. */
  readonly out: Sink;
  /** Everything else. */
  readonly err: Sink;
  /** Colours of the report; undefined: plain. */
  readonly paintOut: Paint | undefined;
  readonly plain: Paint;
  readonly paintErr: Paint;
  /** All of stdin. */
  readonly stdin: () => Promise<Uint8Array>;
  /** Asks on the terminal and gives back the answer's first letter; undefined: stdin is no terminal. */
  readonly ask: ((question: string) => string) | undefined;
  /** Lets signals and the pipe get their turn. */
  readonly breathe: () => Promise<void>;
  /** Whether the user asked to stop. */
  readonly stopped: () => boolean;
  /** The same for work that waits: aborted when the user asks to stop. */
  readonly signal: AbortSignal;
  /** stderr is a terminal, where `progress` shows. */
  readonly terminal: boolean;
  /** Shows where a long run is; '' takes the line away. */
  readonly progress: (text: string) => void;
}
