/** Whether the crates of a stage build in the slim image of Rust, which has gcc and the headers of the C library alone. */
import { BUILDS_WITH_CC, NEEDS_MORE_THAN_CC } from '../../src/knowledge/rust-crates.ts';
import { lineOf, within } from '../../src/project/manifests.ts';
import { inWords } from '../../src/stage/install-run.ts';
import type { StageView, Task } from '../../src/stage/view.ts';
import type { Findings, Obstacle } from './types.ts';

const isBuild = ({ call, effect }: Task): boolean =>
  call?.manager === 'cargo' && (effect === 'install' || effect === 'build');

export function rustFindings(view: StageView): Findings | Obstacle | undefined {
  const { document, project, runtime } = view;
  const builds = view.steps.flatMap(({ tasks }) => tasks).filter(isBuild);
  const [first] = builds;
  if (!first) return undefined;
  const line = document.originLine(first.command.start);
  const evidence = [{ file: document.path, line, says: `cargo ${first.call?.verb}` }];
  // cargo install NAME brings a lock of its own, or none
  const foreign = builds.find(({ call }) => call?.verb === 'install' && call.operands.length > 0);
  const folders = [...new Set(builds.map(({ cwd }) => (cwd === undefined ? undefined : runtime.files.toContext(cwd))))];
  const doubts = foreign ? [`which crates ${foreign.call?.operands[0]?.raw} brings is not known`] : [];
  const unknown = new Set<string>();
  for (const folder of folders) {
    const path = folder === undefined ? undefined : within(folder, 'Cargo.lock');
    const lock = path === undefined ? undefined : project.read(path);
    if (path === undefined || lock === undefined) {
      doubts.push('which crates are built, without Cargo.lock, is not known');
      continue;
    }
    for (const [, name = ''] of lock.matchAll(/^name = "([^"]+)"/gm)) {
      if (NEEDS_MORE_THAN_CC.test(name))
        return {
          code: 'native-build',
          why: `${project.rootPath(path)}:${lineOf(lock, name) ?? 1} holds ${name}, which needs more than gcc to build`,
          at: first.command,
        };
      if (/-sys$/.test(name) && !BUILDS_WITH_CC.test(name)) unknown.add(name);
    }
  }
  if (unknown.size > 0) doubts.push(`what ${inWords([...unknown].slice(0, 4))} need to build is not known`);
  return { needs: [], doubts, evidence };
}
