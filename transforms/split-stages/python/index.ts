/** Python: the packages go into a virtual environment, which the runtime stage takes over. */
import { posix } from 'node:path';
import type { Evidence } from '../../../src/edit.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { type AroundInstall, aroundInstall } from '../around-install.ts';
import { installRun } from '../packages.ts';
import { type Addition, isObstacle, type Plan, type Recipe, type Task, type View } from '../types.ts';
import { dependencyNames } from './dependencies.ts';
import { type SlimImage, slimImage } from './image.ts';
import { libraryNeeds, programNeeds } from './needs.ts';
import { obstacleOf } from './obstacles.ts';

const VENV = '/opt/venv';
const MANAGERS: ReadonlySet<string> = new Set(['pip', 'pipenv', 'poetry', 'uv', 'pdm']);
/** Files that only an install reads. */
const MANIFEST =
  /^(?:[\w.-]*requirements?[\w.-]*\.(?:txt|in|pip)|constraints?[\w.-]*\.txt|Pipfile(?:\.lock)?|(?:poetry|uv|pdm)\.lock)$/;

export const python: Recipe = {
  name: 'python',
  plan(view) {
    if (!view.steps.some(({ tasks }) => tasks.some(isInstall))) return undefined;
    const { image: reference, parent, fromWord } = view.stage;
    if (parent) return { code: 'starts-from-stage', why: `the stage starts from ${fromWord.value}` };
    if (reference && repositoryName(reference) !== 'python') return undefined;
    const image = slimImage(view.stage);
    if (isObstacle(image)) return image;
    const names = dependencyNames(view);
    const cut = aroundInstall(view, {
      isInstall,
      isManifest: (path) => isSpare(view, path),
      starts: names.fromGit ? ['git'] : [],
    });
    if (!cut || isObstacle(cut)) return cut;
    const lost = cut.packages.filter(({ kind }) => kind === 'build' || kind === 'library');
    if (!image.smaller && lost.length === 0) {
      return { code: 'already-minimal', why: `${view.stage.fromWord.value} has no compiler, and none is installed` };
    }
    const obstacle = obstacleOf(view, names, cut.runs);
    if (obstacle) return obstacle;
    return planOf(view, image, cut, {
      kept: cut.packages.flatMap(({ becomes }) => becomes),
      lost: lost.map(({ name }) => name),
      needs: image.smaller ? [...libraryNeeds(view, names.names), ...programNeeds(view, cut.runs)] : [],
    });
  },
};

function isInstall({ effect, call, command }: Task): boolean {
  if (call && MANAGERS.has(call.manager)) return effect === 'install' || (effect === 'app' && call.verb === 'sync');
  // virtualenvs.create, and a package that is built in its folder
  return command.program === 'poetry' && command.args[0]?.literal === 'config';
}

/** A manifest that no source file names. */
function isSpare(view: View, path: string): boolean {
  const name = posix.basename(path);
  return MANIFEST.test(name) && view.runtime.find(new RegExp(name.replace(/[.]/g, '\\.'))) === undefined;
}

interface Packages {
  /** Installed in the runtime stage already. */
  readonly kept: readonly string[];
  readonly lost: readonly string[];
  readonly needs: readonly { readonly package: string; readonly evidence: Evidence }[];
}

function planOf(view: View, image: SlimImage, cut: AroundInstall, { kept, lost, needs }: Packages): Plan {
  const doubts = [...cut.doubts];
  const path = `${view.keyword('ENV')} PATH="${VENV}/bin:$PATH"`;
  const missing = [...new Map(needs.filter((it) => !kept.includes(it.package)).map((it) => [it.package, it])).values()];
  const install =
    missing.length === 0
      ? []
      : [
          installRun(
            view,
            missing.map((it) => it.package),
          ),
        ];
  const additions: Addition[] = [
    { stage: 'builder', before: cut.before, text: `${view.keyword('RUN')} python -m venv ${VENV}\n${path}` },
    {
      stage: 'runtime',
      before: cut.before,
      text: [...install, `${view.keyword('COPY')} --from=${view.builder} ${VENV} ${VENV}`, path].join('\n'),
    },
  ];
  for (const { file, says } of view.runtime.unread) doubts.push(`${says} in ${file} could not be read`);
  const gone = [
    ...(image.smaller ? ['the compilers and header files of the full image'] : []),
    ...(lost.length > 0 ? [lost.join(', ')] : []),
  ];
  return {
    title: `Split into a builder and a runtime stage on ${image.text}`,
    why: `${gone.join(' and ')} ${gone.length + lost.length > 2 || image.smaller ? 'are' : 'is'} needed only while packages are installed; the runtime stage takes the virtual environment with the packages, and has none of it.`,
    evidence: [view.fact(cut.first.instruction), ...missing.map((it) => it.evidence)],
    doubts,
    image: image.text,
    placements: cut.placements,
    additions,
    changes: ['env'],
  };
}
