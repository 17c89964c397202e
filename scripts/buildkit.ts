/**
 * BuildKit's own parser as the judge of law 5: @reteps/dockerfmt carries it, compiled from Go to WebAssembly.
 * A development dependency only; the product never loads it.
 */
import { formatDockerfileContents } from '@reteps/dockerfmt';

const options = { indent: 4, trailingNewline: true, spaceRedirects: false };

/** Left on the global object by the loaded program; it gives undefined and exits when the parser refuses the text. */
type Format = (text: string, indent: number, trailingNewline: boolean, spaceRedirects: boolean) => string | undefined;
let format: Format | undefined;
let busy = false;

interface Program {
  exited: boolean;
  _scheduledTimeouts: Map<number, unknown>;
  _resume(): void;
}

const loaded = globalThis as unknown as {
  __dockerfmt_formatBytes: Format;
  __dockerfmt_Go: { prototype: Program };
};

async function load(): Promise<Format> {
  await formatDockerfileContents('FROM scratch\n', options);
  // a timer of a program that has exited meanwhile must not end ours
  const { prototype } = loaded.__dockerfmt_Go;
  const resume = prototype._resume;
  if (resume.name !== 'whileRunning') {
    prototype._resume = function whileRunning(this: Program) {
      if (!this.exited) resume.call(this);
      else if (busy) throw new Error('the program has exited');
      // the timer asks again until its entry is gone
      else this._scheduledTimeouts.clear();
    };
  }
  return loaded.__dockerfmt_formatBytes;
}

/** Whether BuildKit's parser reads the text. @throws when the WebAssembly cannot be loaded */
export async function buildkitAccepts(text: string): Promise<boolean> {
  format ??= await load();
  const { log, error, warn } = console;
  // the program prints what it refuses
  console.log = () => {};
  console.error = () => {};
  console.warn = () => {};
  let accepted: boolean;
  busy = true;
  try {
    accepted = format(text, options.indent, options.trailingNewline, options.spaceRedirects) !== undefined;
  } catch {
    accepted = false;
  } finally {
    busy = false;
    console.log = log;
    console.error = error;
    console.warn = warn;
  }
  // an exited program answers nothing more
  if (!accepted) format = undefined;
  return accepted;
}
