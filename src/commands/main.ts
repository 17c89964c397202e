/** From what was typed to a command and its exit code. Modules are loaded when a command needs them. */
import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { type Arguments, COMMANDS, STDIN } from './argv.ts';
import type { Io } from './io.ts';

/** @returns the exit code. @throws UsageError */
export async function main(args: Arguments, io: Io): Promise<number> {
  const { loadTransforms } = await import('./use.ts');
  const transforms = await loadTransforms(args.use, io.cwd);
  const { command, check, quiet, verbose, allowDirty, interactive } = args;
  if (command === 'list') return (await import('./list.ts')).list(transforms, io);
  if (command === 'explain') return (await import('./explain.ts')).explain(args.name, transforms, io);
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
    return (await import('./lock.ts')).lock(request, { update: args.update, quiet }, io);
  }
  if (args.paths.includes(STDIN)) {
    if (args.paths.length > 1) throw new UsageError('- stands alone: no other paths beside it');
    if (args.format !== undefined || interactive || args.proof)
      throw new UsageError('- writes the result itself: no --format, no -i and no verify');
    return (await import('./stdin.ts')).filter(request, { check, quiet, verbose }, io);
  }
  if (command === 'verify' && args.proof) {
    const { format = 'text' } = args;
    if (format === 'patch') throw new UsageError('verify --format is text or json');
    return (await import('./verify.ts')).verify(request, args.proof, { format, quiet, verbose }, io);
  }
  if (command === 'apply') {
    if (args.proof && interactive) throw new UsageError('--verify and -i exclude each other');
    if (args.output !== undefined && args.format === undefined)
      throw new UsageError('apply -o needs --format: patch, text or json');
    return (await import('./apply.ts')).apply(
      request,
      { format: args.format, allowDirty, interactive, quiet, verbose, proof: args.proof },
      io,
    );
  }
  return (await import('./diff.ts')).diff(request, { format: args.format ?? 'patch', check, quiet, verbose }, io);
}
