/** `redock -`: a Dockerfile in, the rewritten one out; what is not a Dockerfile comes out as it went in. */
import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';
import { UsageError } from '../errors.ts';
import { repositoryOf } from '../git.ts';
import { openProject, prepareProjects } from '../project/open.ts';
import { RemoteFacts } from '../project/remote.ts';
import { countFile, exitCode, newTally } from '../report/report.ts';
import { textReporter } from '../report/text.ts';
import { rewrite } from '../rewrite.ts';
import { resolveSettings } from '../settings.ts';
import { Tree } from '../tree.ts';
import type { Io } from './io.ts';
import { failureLines, learn } from './online.ts';
import { below, folderOf } from './places.ts';
import type { Request } from './run.ts';

export interface StdinOptions {
  readonly check: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** The build context is `--context`, else the working folder. Changes that need other files are left out. @returns the exit code */
export async function filter(request: Request, options: StdinOptions, io: Io): Promise<number> {
  if (request.changed !== undefined) throw new UsageError('--changed does not go with -');
  const bytes = await io.stdin();
  const folder = folderOf('--context', request.context ?? '.', io.cwd);
  const tree = new Tree(repositoryOf(folder) ?? folder);
  const context = below(tree.realRoot, folder) ?? '';
  const path = posix.join(context, 'Dockerfile');
  const { transforms, flags, noConfig, configFile } = request;
  const settings = await resolveSettings({
    tree,
    path,
    flags: { ...flags, context },
    noConfig,
    configFile,
    transforms,
  });
  const detail = options.quiet ? 'quiet' : options.verbose ? 'verbose' : 'normal';
  const write = (text: string): void => io.err.write(text);
  const reporter = textReporter({
    write,
    writeError: write,
    paint: io.paintErr,
    detail,
    patch: false,
    verb: 'changed',
  });
  if (!isUtf8(bytes) || bytes.includes(0)) {
    io.out.write(bytes);
    reporter.skipped({ name: '<stdin>', why: 'is no UTF-8 text' });
    return 3;
  }
  await prepareProjects(tree);
  const remote = new RemoteFacts(tree);
  const project = openProject(tree, path, { context, remote });
  // The byte order mark is part of the text.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const input = { path, text, tree, project, transforms, settings };
  if (request.online) {
    const rehearse = async (): Promise<void> => {
      rewrite(input);
      tree.unplanAll();
    };
    for (const line of failureLines(await learn(remote, io, rehearse))) reporter.note(line);
    io.progress('');
  }
  let left = 0;
  const result = rewrite({
    ...input,
    accept: (_transform, change) => {
      const alone = change.creates === undefined && change.edits.every(({ file }) => file === undefined);
      if (!alone) left++;
      return alone;
    },
  });
  io.out.write(result.after);
  const report = { name: '<stdin>', patchName: 'Dockerfile', result };
  reporter.file(report);
  if (left > 0) reporter.note(`${left} more change(s) would change other files: run redock on the file itself`);
  const remark = remote.remark();
  if (remark !== undefined) reporter.note(remark);
  const tally = newTally();
  countFile(tally, report);
  return exitCode(tally, options.check);
}
