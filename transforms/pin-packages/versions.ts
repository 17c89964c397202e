/** Whether the package manager that runs can read the lock file as it is wished to. */
import { lineage } from '../../src/document/lineage.ts';
import type { Stage } from '../../src/document.ts';
import { splitTag } from '../../src/image.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import { MOVING_TAGS } from '../../src/knowledge/version-evidence.ts';
import { within } from '../../src/project/manifests.ts';
import type { NodeFacts } from '../../src/project/node.ts';
import type { Project } from '../../src/project/project.ts';
import type { Install } from './find.ts';

/** no: it cannot; doubt: a sentence about what is not known; undefined: it can. */
export type Fitness = { readonly no: string } | { readonly doubt: string } | undefined;

/** The major version of the official Node image that a stage starts from; undefined: another image, or not known. */
function nodeMajor(stage: Stage): number | undefined {
  if (stage.parent) return nodeMajor(stage.parent);
  if (!stage.image || repositoryName(stage.image) !== 'node') return undefined;
  const { version, variant } = splitTag(stage.image.tag ?? 'latest');
  if (version !== undefined) return Number.parseInt(version.replace(/^v/, ''), 10);
  return variant.length === 0 ||
    variant.some((word) => MOVING_TAGS.has(word) || /slim|alpine|bookworm|trixie/.test(word))
    ? Number.POSITIVE_INFINITY
    : undefined;
}

const textOf = (install: Install): string =>
  install.before.map((command) => [command.name, ...command.args.map(({ raw }) => raw)].join(' ')).join('\n');

/** npm 7 came with Node 15 and writes version 2, `npm ci` with npm 5.7. Source: nodejs.org/en/about/previous-releases, docs.npmjs.com. */
export function npmFits(install: Install, format: string): Fitness {
  const major = nodeMajor(install.stage);
  if (/\bnpm (?:install|i) .*\bnpm@|\bnpm (?:-g|--global) (?:install|i) npm@/.test(textOf(install))) {
    return { doubt: 'Another npm than that of the image is installed.' };
  }
  if (major === undefined)
    return { doubt: 'Which npm runs here is not known; `npm ci` needs version 7 for this lock file.' };
  const least = format === '3' ? 15 : 10;
  return major < least ? { no: `Node ${major} comes with an npm that cannot install from this lock file` } : undefined;
}

export function yarnFits(install: Install, project: Project, root: NodeFacts, format: string): Fitness {
  const commands = textOf(install);
  const settings = project.read(within(root.dir, '.yarnrc.yml') ?? '') ?? '';
  const named = /^yarn@(\d+)/.exec(root.packageManager ?? '')?.[1];
  if (/\byarn (?:set version|policies)|corepack (?:prepare|use|install) yarn|npm .*\byarn@/.test(commands)) {
    return { no: 'a command before it chooses the version of yarn' };
  }
  const isCopied = install.files.toContext(`${install.folder}/.yarnrc.yml`) !== undefined;
  const isBerry =
    (isCopied && /^yarnPath:/m.test(settings)) ||
    (named !== undefined && Number(named) > 1 && /\bcorepack enable\b/.test(commands));
  if (format === 'berry')
    return isBerry ? undefined : { no: 'nothing shows that yarn 2 or later runs here, which the lock file is of' };
  if (isBerry || (named !== undefined && named !== '1'))
    return { no: 'the lock file is of yarn 1, and a later yarn runs here' };
  return undefined;
}

/** Bun 1.2 and later write bun.lock. Source: bun.com/docs/pm/lockfile. */
export function bunFits({ stage }: Install): Fitness {
  const from = lineage(stage).at(-1)?.image;
  if (!from || repositoryName(from) !== 'oven/bun') {
    return { doubt: 'Which bun runs here is not known; bun.lock is read from version 1.2 on.' };
  }
  const [major = 0, minor] = (splitTag(from.tag ?? 'latest').version ?? '').split('.').filter(Boolean).map(Number);
  return major === 1 && minor !== undefined && minor < 2 ? { no: `bun 1.${minor} does not read bun.lock` } : undefined;
}

/** pnpm 9 and later write version 9.0, pnpm 8 version 6. Source: pnpm.io/installation and its changelog. */
export function pnpmFits(install: Install, root: NodeFacts, format: string): Fitness {
  const inCommands = [...textOf(install).matchAll(/\bpnpm@(\S+)/g)].at(-1)?.[1];
  const named = /^pnpm@(.+)/.exec(root.packageManager ?? '')?.[1] ?? inCommands;
  const major = /^[\^~]?(\d+)/.exec(named ?? '')?.[1];
  if (major === undefined)
    return { doubt: 'Which pnpm runs here is not known; another major version writes another lock file.' };
  const fits = format.startsWith('9') ? Number(major) >= 9 : Number(major) === 8;
  return fits ? undefined : { no: `pnpm ${major} writes another lock file than this one of version ${format}` };
}
