/** The stage that is run starts from a chiselled image of .NET: the runtime on a piece of Ubuntu, without a shell. */
import { lineage } from '../../../src/document/lineage.ts';
import type { Document, Stage } from '../../../src/document.ts';
import type { Change, Decline, Span } from '../../../src/edit.ts';
import { splitTag } from '../../../src/image.ts';
import { imageReleases } from '../../../src/knowledge/image-releases.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import type { Project } from '../../../src/project/project.ts';
import { isListed, tagWords } from '../../../src/variant-tags.ts';
import { isInvariant } from '../alpine/others.ts';
import { tagEdit } from '../image.ts';
import { copiedStages, isDevelopment, rootOf, viewOf } from '../stages.ts';
import { isObstacle, type Obstacle } from '../types.ts';
import { startOf, withoutShell } from './stage.ts';

const RUNTIME = /^mcr\.microsoft\.com\/dotnet\/(?:aspnet|runtime|runtime-deps)$/;

/** undefined: the stage is no runtime of .NET, or has no shell already. */
export function toChiseled(document: Document, project: Project, product: Stage): Change | Decline | undefined {
  const root = rootOf(product);
  const { image } = root;
  if (!image || !RUNTIME.test(repositoryName(image)) || root.base?.family === 'distroless') return undefined;
  const at: Span = { start: root.from.start, end: root.from.headEnd };
  const answer = decide(document, project, product, root);
  return isObstacle(answer) ? { code: answer.code, why: answer.why, at: answer.at ?? at } : answer;
}

function decide(document: Document, project: Project, product: Stage, root: Stage): Change | Obstacle {
  const others = document.stages.filter(
    (it) => it !== product && (rootOf(it) === root || copiedStages(document, it).has(product)),
  );
  const busy = others.find((it) => it.instructions.some(({ keyword }) => keyword === 'RUN') || it.parent === product);
  if (busy)
    return {
      code: 'stage-is-shared',
      why: `the stage in line ${busy.from.line} starts from this one or shares its base`,
    };
  const development = isDevelopment(document, product);
  if (development !== undefined)
    return { code: 'development', why: `${development} says that people work in this image` };
  const { image } = root;
  if (!image || image.digest !== undefined)
    return {
      code: 'digest-pinned',
      why: `${root.fromWord.value} is pinned by a digest, and that of its chiselled variant is not known`,
    };
  const view = viewOf(document, project, product);
  const invariant = isInvariant(view);
  const tag = chiseledTag(image, invariant !== undefined);
  if (tag === undefined)
    return { code: 'no-chiseled-variant', why: `no chiselled variant of ${root.fromWord.value} is known` };
  const start = startOf(view);
  if (!start) return { code: 'needs-shell', why: 'no file says what starts in the container' };
  const shell = withoutShell(view);
  if (isObstacle(shell)) return shell;
  const edit = tagEdit(document, project, root, tag);
  if ('code' in edit) return edit;
  const user = lineage(product).find(({ instructions }) => instructions.some(({ keyword }) => keyword === 'USER'));
  const doubts = [
    ...(user
      ? []
      : [
          'the image runs as app (1654) where nothing said so before: files that the program writes, and volumes, must belong to it',
        ]),
    ...(user || !/:80\b|=80\b/.test(document.text) ? [] : ['an ordinary user may not be allowed to listen on port 80']),
  ];
  const cultures = invariant
    ? 'The project asks for no cultures, which the image leaves out.'
    : 'The variant with cultures and time zones is taken (extra): the plain one has none.';
  return {
    title: `Start from ${repositoryName(image)}:${tag}`,
    why: `The same runtime on a piece of Ubuntu: no shell, no packages. ${cultures}${doubts.length === 0 ? '' : ` Not established: ${doubts.join('; ')}.`}`,
    evidence: [
      { file: document.path, line: document.originLine(root.from.start), says: root.fromWord.value },
      { file: start.file, line: start.line, says: start.text },
      ...(invariant ? [invariant] : []),
    ],
    level: doubts.length === 0 ? 'review' : 'risky',
    at: { start: root.from.start, end: root.from.headEnd },
    edits: [edit, ...shell],
  };
}

/** `8.0-jammy` keeps its release of Ubuntu; `8.0` and `8.0-bookworm-slim` get the first one that is listed. */
function chiseledTag(image: NonNullable<Stage['image']>, isBare: boolean): string | undefined {
  const { version } = splitTag(image.tag ?? 'latest');
  if (version === undefined || !imageReleases(image)) return undefined;
  const words = tagWords(image);
  const own = words.find((word) => /^(?:jammy|noble|resolute)$/.test(word));
  if (words.length > 0 && own === undefined && !/^bookworm(?:-slim)?$/.test(words.join('-'))) return undefined;
  const suites = own === undefined ? ['noble', 'jammy'] : [own];
  return suites
    .map((suite) => `${version}-${suite}-chiseled${isBare ? '' : '-extra'}`)
    .find((tag) => isListed(image, tag) === true);
}
