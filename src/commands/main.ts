/**
 * From what was typed to a command and its exit code. Every command is imported at once: in the one bundled file the text of
 * a module that is imported late is read twice, and so is all that it shares with others (measured: 15 ms of each start).
 */
import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { apply } from './apply.ts';
import { type Arguments, COMMANDS, STDIN } from './argv.ts';
import { diff } from './diff.ts';
import { explain } from './explain.ts';
import type { Io } from './io.ts';
import { list } from './list.ts';
import { lock } from './lock.ts';
import { filter } from './stdin.ts';
import { loadTransforms } from './use.ts';
import { verify } from './verify.ts';

/** @returns the exit code. @throws UsageError */
export async function main(args: Arguments, io: Io): Promise<number> {
  const transforms = await loadTransforms(args.use, io.cwd);
  const { command, check, quiet, verbose, allowDirty, interactive } = args;
  if (command === 'list') return list(transforms, io);
  if (command === 'explain') return explain(args.name, transforms, io);
  const request = {
    paths: args.paths,
    transforms,
    flags: { only: args.only, skip: args.skip, level: args.level, set: args.set },
    exclude: args.exclude,
    changed: args.changed,
    context: args.context,
    configFile: args.config === undefined ? undefined : resolve(io.cwd, args.config),
    noConfig: args.noConfig,
    online: args.online,
    foreign: args.use.length > 0,
    jobs: args.jobs,
    commands: COMMANDS,
  };
  if (command === 'lock') {
    if (args.paths.includes(STDIN)) throw new UsageError('lock needs files or folders: stdin has no redock.lock');
    return lock(request, { update: args.update, quiet }, io);
  }
  if (args.paths.includes(STDIN)) {
    if (args.paths.length > 1) throw new UsageError('- stands alone: no other paths beside it');
    if (args.format !== undefined || interactive || args.proof)
      throw new UsageError('- writes the result itself: no --format, no -i and no verify');
    return filter(request, { check, quiet, verbose }, io);
  }
  if (command === 'verify' && args.proof) {
    const { format = 'text' } = args;
    if (format === 'patch') throw new UsageError('verify --format is text or json');
    return verify(request, args.proof, { format, quiet, verbose }, io);
  }
  if (command === 'apply') {
    if (args.proof && interactive) throw new UsageError('--verify and -i exclude each other');
    if (args.output !== undefined && args.format === undefined)
      throw new UsageError('apply -o needs --format: patch, text or json');
    return apply(request, { format: args.format, allowDirty, interactive, quiet, verbose, proof: args.proof }, io);
  }
  return diff(request, { format: args.format ?? 'patch', check, quiet, verbose }, io);
}
