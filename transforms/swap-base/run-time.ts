/** What a container asks of its image when it runs, beyond the packages of its language. */

import type { Stage } from '../../src/document.ts';
import type { Evidence } from '../../src/edit.ts';
import { SYSTEM_PYTHON } from '../../src/knowledge/full-image.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import { PYTHON_MODULES } from '../../src/knowledge/python-libraries.ts';
import { SELF_CONTAINED_IMAGES } from '../../src/knowledge/slim-images.ts';
import { type Fact, placeText } from '../../src/project/manifests.ts';
import { invocation } from '../../src/shell/invocation.ts';
import { inWords } from '../../src/stage/install-run.ts';
import { compilerAtRunTime, programNeeds, unnamedProgram } from '../../src/stage/programs.ts';
import type { StageView } from '../../src/stage/view.ts';
import { repositoryOf } from './stages.ts';
import type { Findings, Need, Obstacle } from './types.ts';

const INSTALLS = /\b(?:pip3?|npm|yarn|pnpm|bundle|poetry|pipenv|uv|gem) (?:install|ci|sync|add)\b/;

/** `copied`: the stages that the stage takes files from. */
export function runTimeFindings(view: StageView, copied: ReadonlySet<Stage>): Findings | Obstacle {
  const { runtime } = view;
  const compiler = compilerAtRunTime(view);
  if (compiler) return { code: 'builds-at-run-time', why: `${placeText(compiler)} starts ${compiler.program}` };
  for (const { path, commands } of runtime.scripts) {
    const call = commands?.map(invocation).find((it) => it?.action === 'install');
    if (call)
      return { code: 'builds-at-run-time', why: `${path} runs ${call.program} ${call.verb}, which may compile` };
  }
  const start = runtime.starts.find(({ text }) => INSTALLS.test(text));
  if (start) return { code: 'builds-at-run-time', why: `${placeText(start)} installs packages, which may compile` };
  const doubts = runtime.unread.map(({ file, says }) => `${says} in ${file} could not be read`);
  if (!runtime.starts.some(({ by }) => by !== 'HEALTHCHECK'))
    doubts.unshift('no file says what starts in the container');
  const loaded = runtime.find(/\bctypes\.(?:CDLL|cdll|util)\b|\bfind_library\(|\bdlopen\(/);
  if (loaded) doubts.push(`${placeText(loaded)} loads a library by its name`);
  const shared = runtime.find(
    /\/usr\/share\/(?:fonts|doc|man|locale|mime)\b|\bDejaVu|ImageFont\.truetype\(|\/etc\/ImageMagick|\/etc\/mime\.types/,
  );
  if (shared) doubts.push(`${placeText(shared)} names files that a full image may bring: ${shared.says}`);
  const unnamed = unnamedProgram(view);
  if (unnamed) doubts.push(`${placeText(unnamed)} starts a program that a variable names`);
  for (const path of runtime.files.walk(4000)) {
    if (/\.so(?:\.\d+)*$/.test(path)) {
      doubts.push(`which libraries ${path} needs is not known`);
      break;
    }
  }
  const sources = foreignSources(view, copied);
  if (sources.length > 0) doubts.push(`which libraries the files from ${inWords(sources)} need is not known`);
  return { needs: [...programNeeds(view, []), ...interpreterNeeds(view)], doubts, evidence: [] };
}

/** Modules of Python that open files of the system; the Python of the system, which images of other languages have. */
function interpreterNeeds({ runtime, stage, project }: StageView): Need[] {
  const evidence = ({ file, line }: Fact, says: string): Evidence => ({
    file,
    ...(line !== undefined && { line }),
    says,
  });
  if (repositoryOf(stage) !== 'python') {
    const use = runtime.uses(SYSTEM_PYTHON);
    return use ? [{ package: SYSTEM_PYTHON, evidence: evidence(use, `starts ${SYSTEM_PYTHON}`) }] : [];
  }
  return PYTHON_MODULES.flatMap(({ asks, debian, says }) => {
    const found = runtime.find(asks);
    return found
      ? [{ package: debian, evidence: evidence({ ...found, file: project.rootPath(found.file) }, says) }]
      : [];
  });
}

/** Images and stages of another kind that programs may come from. */
function foreignSources({ document, stage }: StageView, copied: ReadonlySet<Stage>): string[] {
  const own = stage.image && repositoryName(stage.image);
  const images = stage.instructions.flatMap(({ flags }) =>
    flags.flatMap(({ name, value }) =>
      name === 'from' && !document.stageNamed(value, stage) && !SELF_CONTAINED_IMAGES.test(value) ? [value] : [],
    ),
  );
  const stages = [...copied].filter(
    ({ parent, image }) => !parent && (!image || ![own, 'node'].includes(repositoryName(image))),
  );
  return [...new Set([...images, ...stages.map(({ name, fromWord }) => name ?? fromWord.value)])];
}
