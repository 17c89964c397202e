/** What makes a health check wrong or needless before the process is looked at. */
import { lineage } from '../../src/document/lineage.ts';
import type { Document, Stage } from '../../src/document.ts';
import { CHECKED_IMAGES, FUNCTION_IMAGES, isListed } from '../../src/knowledge/probe-tools.ts';
import { SERVERS } from '../../src/knowledge/servers.ts';
import { developmentImage, servicesOf } from '../../src/project/development.ts';
import { type Process, processOf } from '../../src/project/process.ts';
import type { ContextSource, Project } from '../../src/project/project.ts';
import { serviceOf } from '../../src/project/service.ts';
import { type GivenCommand, givenCommand } from './compose-command.ts';
import type { Code } from './declines.ts';

export interface Obstacle {
  readonly code: Code;
  readonly why: string;
}

/** The first reason against a health check; `nothing-to-do`: the stage has one. */
export function obstacleOf(document: Document, project: Project, stage: Stage): Obstacle | 'nothing-to-do' | undefined {
  const chain = lineage(stage);
  const own = chain.flatMap(({ instructions }) =>
    instructions.filter(({ keyword }) => keyword === 'HEALTHCHECK').slice(-1),
  )[0];
  if (own) {
    const line = document.originLine(own.start);
    return /^NONE$/i.test(own.args.text)
      ? { code: 'switched-off', why: `Line ${line} says HEALTHCHECK NONE.` }
      : 'nothing-to-do';
  }
  return (
    imageObstacle(document, stage, chain.at(-1) as Stage) ??
    baseObstacle(document, project, stage) ??
    composeObstacle(document, project, stage)
  );
}

function imageObstacle(document: Document, stage: Stage, root: Stage): Obstacle | undefined {
  const base = root.fromWord.value;
  if (document.escape === '`' || root.base?.family === 'windows' || /^windows/i.test(root.platform ?? '')) {
    return { code: 'windows', why: 'Probes for Windows containers are not written.' };
  }
  if (root.image && isListed(root.image, FUNCTION_IMAGES))
    return { code: 'function-image', why: `${base} is started and asked by its platform.` };
  if (root.image && isListed(root.image, CHECKED_IMAGES))
    return { code: 'image-has-one', why: `${base} has a HEALTHCHECK.` };
  const development = developmentImage(document, stage);
  if (development !== undefined) {
    return { code: 'development', why: `The image is for the time of writing or testing code: ${development}.` };
  }
  if (!root.base)
    return {
      code: 'image-unknown',
      why: `${base} is not a known image: it may have a health check, or start something else.`,
    };
  return undefined;
}

function baseObstacle(document: Document, project: Project, stage: Stage): Obstacle | undefined {
  // one that starts the same inherits it rightly
  const heir = document.stages.find((it) => it !== stage && lineage(it).includes(stage) && startsOther(it, stage));
  const [other] = project.heirs;
  if (other) {
    const why = `${other.path}:${other.line} starts from ${other.image}, which may be this image, and would inherit the health check.`;
    return { code: 'stage-is-a-base', why };
  }
  return (
    heir && {
      code: 'stage-is-a-base',
      why: `Stage ${heir.name ?? heir.index} starts from this one and would inherit the health check.`,
    }
  );
}

/** Whether a CMD or ENTRYPOINT stands between a stage and the one that it starts from. */
const startsOther = (heir: Stage, stage: Stage): boolean =>
  lineage(heir)
    .slice(0, lineage(heir).indexOf(stage))
    .some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT'));

/** Compose services of this image: with a health check of their own, or with another command. */
function composeObstacle(document: Document, project: Project, stage: Stage): Obstacle | undefined {
  const uses = servicesOf(project, stage);
  const checked = uses.filter(({ service }) => service?.fields.healthcheck !== undefined);
  const others = uses
    .filter((it) => !checked.includes(it))
    .flatMap((use) => otherCommand(document, project, stage, use) ?? []);
  if (checked.length > 0 && checked.length + others.length === uses.length) {
    const [{ file }] = checked as [ContextSource];
    const names = [...new Set(checked.map(({ name }) => name))].join(', ');
    return { code: 'compose-has-one', why: `${file} says how the health of ${names} is checked.` };
  }
  return others[0];
}

/** `./shop worker` beside `./shop serve`: which of its commands listens is not known. */
function isOtherCommand(document: Document, project: Project, stage: Stage, given: GivenCommand): boolean {
  const own = processOf(document, project, stage);
  const other = processOf(document, project, stage, given);
  if ('code' in own || 'code' in other || own.path !== other.path) return false;
  return isOwnProgram(own) && commandOf(own) !== commandOf(other);
}

/** A program of the project, whose first word may name one of its commands; servers that are known take an application. */
const isOwnProgram = ({ program }: Process): boolean => !SERVERS.some(({ programs }) => programs.includes(program));

const commandOf = ({ args: [first = ''] }: Process): string | undefined =>
  /^[a-z][\w:-]*$/i.test(first) ? first : undefined;

/** A service that starts something else, which a check of the image's own command would call unhealthy for ever. */
function otherCommand(document: Document, project: Project, stage: Stage, use: ContextSource): Obstacle | undefined {
  const given = givenCommand(use);
  if (!given) return undefined;
  const other = serviceOf(document, project, stage, given);
  // another server, or one for writing code, listens too; EXPOSE was written for what the image starts by itself
  const isAlike = other.kind === 'service' && other.isKnown && !isOtherCommand(document, project, stage, given);
  if (isAlike || (other.kind === 'none' && other.code === 'development')) return undefined;
  const { file, line } = given.evidence;
  const why = `${file}:${line} runs ${given.text} as ${use.name} with this image, which is not known to listen: it would never be healthy.`;
  return { code: 'compose-has-worker', why };
}
