/** Which command of a start script stays, and where and with what it starts. */
import { joinPath } from '../document/state.ts';
import type { Stage } from '../document.ts';
import type { Command } from '../shell/command.ts';
import type { Script } from '../shell/script.ts';

/** Words are taken as the shell hands them on; variables stay as written. */
export const unquoted = (raw: string): string => raw.replace(/^(["'])([\s\S]*)\1$/, '$2').replace(/["']/g, '');

/** `command &`: it goes on beside what follows. `&&`, `>&2` and `&>` are no such thing. */
export const runsBeside = (text: string): boolean =>
  /(?<![&>|<\\])&(?![&>\d])\s*(?:$|\n|[^\s&|>])/m.test(text.replace(/'[^']*'|"[^"]*"|(?:^|\s)#.*$/gm, ''));

/** `bash`, and the `sh` of distributions where that is bash. */
export const isBash = (shell: string, { base }: Stage): boolean =>
  /bash$/.test(shell) || /^(?:rhel|suse|amazonlinux)$/.test(base?.family ?? '');

/** The command with which a script ends: certain to run, or the last `exec`. */
export function staying({ commands }: Script): Command | undefined {
  const own = commands.filter((it) => !it.substituted && !it.piped);
  const last = own.at(-1);
  if (!last) return undefined;
  if (last.certain || own.length === 1) return last;
  const execs = own.filter((it) => it.wrappers.includes('exec') || it.program === 'exec');
  // if [ x ]; then exec "$@"; fi with one way out
  return execs.length === 1 && execs[0] === last ? last : undefined;
}

/** The folder after every `cd` that is certain to run before. */
export function folderAt({ commands }: Script, command: Command, cwd: string | undefined): string | undefined {
  let folder = cwd;
  for (const it of commands) {
    if (it === command) break;
    if (it.program !== 'cd' || it.substituted) continue;
    const to = it.args[0]?.literal;
    folder = it.certain && to !== undefined ? joinPath(folder, to) : undefined;
  }
  return folder;
}
