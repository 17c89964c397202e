/** What a Rust program starts or loads besides itself. */
import type { Obstacle, View } from '../types.ts';
import { mainSources } from './files.ts';

/** The first call in the source of a stage that starts another program or loads a library. */
export function startsOthers(view: View): Obstacle | undefined {
  for (const { path, text } of mainSources(view)) {
    const match =
      /\b(?:process::|tokio::process::)?Command::new\(|\bduct::cmd|\bxshell::|\blibloading::|\bdlopen\b|#\[link\(name/.exec(
        text,
      );
    if (!match) continue;
    const place = `${view.project.rootPath(path)}:${text.slice(0, match.index).split('\n').length}`;
    // clap has a Command of its own
    if (/Command::new/.test(match[0]) && !/\bprocess\b/.test(text)) continue;
    return /load|dlopen|link/.test(match[0])
      ? { code: 'links-to-c', why: `${place} loads a library: ${match[0]}` }
      : { code: 'programs-unknown', why: `${place} starts programs: ${match[0]}` };
  }
  return undefined;
}
