/** The distribution and its release under a stage, as the tag of the image tells it. */
import type { Stage } from '../../src/document.ts';
import { repositoryName } from '../../src/knowledge/images.ts';
import { IN_PHP, IN_PYTHON_SLIM, IN_RUBY_SLIM } from '../../src/knowledge/libraries.ts';
import type { System } from './types.ts';

const CODENAME = /(?:^|-)(buster|bullseye|bookworm|trixie|focal|jammy|noble|resolute)(?:-|$)/;
const DEBIAN_NUMBERS: Readonly<Record<string, string>> = { 10: 'buster', 11: 'bullseye', 12: 'bookworm', 13: 'trixie' };

const NOTHING: ReadonlySet<string> = new Set();
const HELD: Readonly<Record<string, ReadonlySet<string>>> = { php: IN_PHP, python: IN_PYTHON_SLIM, ruby: IN_RUBY_SLIM };

/** Reads family and release of the base image; a tag without a code name gives no release. */
export function systemOf(stage: Stage): System {
  const family = stage.base?.family;
  const tag = stage.image?.tag ?? '';
  const known = family === 'debian' || family === 'ubuntu' || family === 'alpine' ? family : 'other';
  const name = CODENAME.exec(tag)?.[1] ?? /alpine(\d+\.\d+)/.exec(tag)?.[1];
  const number =
    stage.image && repositoryName(stage.image) === 'debian' ? DEBIAN_NUMBERS[/^\d+/.exec(tag)?.[0] ?? ''] : undefined;
  const release = name ?? number;
  return {
    family: known,
    release,
    holds: HELD[stage.image ? repositoryName(stage.image) : ''] ?? NOTHING,
    says: release === undefined ? undefined : `${stage.fromWord.value} names ${release}`,
  };
}
