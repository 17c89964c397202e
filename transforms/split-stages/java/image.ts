/** The JRE image that belongs to an image with a JDK. */
import { splitImageRef } from '../../../src/image.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { JDK_IMAGES, JRE_VERSIONS } from '../../../src/knowledge/java-builds.ts';
import type { Obstacle, View } from '../types.ts';

export interface JreImage {
  /** As it is written behind FROM. */
  readonly text: string;
  readonly family: 'ubuntu' | 'alpine' | 'amazon';
  /** The system around Java stays the same: accounts, paths, packages. */
  readonly same: boolean;
  /** Whose build of Java the old image has, where the JRE is another's. */
  readonly vendor?: string;
}

/** Whether the stage is on an image that is made for building Java. */
export const hasJdk = ({ stage }: View): boolean =>
  stage.image !== undefined && JDK_IMAGES.some(({ repository }) => repository === repositoryName(stage.image as never));

/** `maven:3.9-eclipse-temurin-21-alpine` becomes `eclipse-temurin:21-jre-alpine`. */
export function jreImage({ stage }: View): JreImage | Obstacle {
  const written = stage.fromWord.value;
  const unknown = (why: string): Obstacle => ({ code: 'base-unknown', why });
  const { image } = stage;
  if (!image) return unknown(`${written} depends on a build argument without a default`);
  const name = repositoryName(image);
  const parts = splitImageRef(written);
  const tag = parts.tag ? written.slice(...parts.tag) : undefined;
  if (tag === undefined || written.includes('$')) return unknown(`${written} does not tell the version of Java`);
  if (/(?:^|-)(?:jre|headless|headful)(?:-|$)/.test(tag))
    return { code: 'already-minimal', why: `${written} is a run-time image` };
  if (image.digest !== undefined)
    return unknown(`${written} is pinned by a digest, and that of its JRE variant is not known`);
  for (const row of JDK_IMAGES) {
    const groups = row.repository === name ? row.tag.exec(tag)?.groups : undefined;
    if (!groups) continue;
    const { java = '', suite = '' } = groups;
    if (!JRE_VERSIONS.has(java)) return unknown(`there is no image with a JRE of Java ${java}`);
    const version = groups.version ?? java;
    if (/^(?:ubi|centos|windows|nano)/.test(suite)) return unknown(`what ${written} holds is not known`);
    // registry.example/maven:.. and docker.io/library/maven:..: the neighbour is in the same place
    const place = written.slice(0, (parts.tag as readonly [number, number])[0] - 1);
    const at = place.lastIndexOf('/') + 1;
    const prefix = name.includes('/') ? '' : place.slice(0, at);
    const { same } = row;
    if ('jre' in row) {
      const text = `${prefix}${row.jre.replace('VERSION', version).replace('SUITE', suite)}`;
      return { text, family: 'family' in row ? row.family : 'amazon', same };
    }
    const family = suite.startsWith('alpine') ? 'alpine' : 'ubuntu';
    const text = `${prefix}eclipse-temurin:${version}-jre${suite ? `-${suite}` : ''}`;
    return { text, family, same, ...('vendor' in row && { vendor: row.vendor }) };
  }
  return unknown(`whether ${written} has a JRE variant is not known`);
}

/** Another vendor's build of the same Java: nobody but the authors can say that any will do. */
export const vendorDoubts = ({ vendor }: JreImage): readonly string[] =>
  vendor === undefined ? [] : [`whether Java may be another build than that of ${vendor}, which has no JRE here`];

/** The system of an image, for its reader. */
export const systemName = ({ family }: JreImage): string =>
  ({ alpine: 'Alpine', ubuntu: 'Ubuntu', amazon: 'Amazon Linux 2023' })[family];

/** What only the old image has: its folder of Java, its account. */
export function imageObstacle({ runtime, stage, document, steps }: View, image: JreImage): Obstacle | undefined {
  const user = stage.instructions.findLast(({ keyword }) => keyword === 'USER');
  if (user && /^gradle\b/.test(user.args.text))
    return { code: 'fixed-paths', why: 'the account gradle is one of the image that builds', at: user };
  if (image.same) return undefined;
  const old = /\/usr\/local\/openjdk|\/usr\/lib\/jvm|\/docker-java-home|\/usr\/java\b/;
  const line = stage.instructions.find(({ args, keyword }) => keyword !== 'RUN' && old.test(args.text));
  if (line)
    return {
      code: 'fixed-paths',
      why: `line ${document.originLine(line.start)} names the folder of the JDK`,
      at: line,
    };
  const named = runtime.find(old);
  if (named) return { code: 'fixed-paths', why: `${named.file}:${named.line} names the folder of the JDK` };
  const account = steps.flatMap(({ tasks }) => tasks).find(({ effect }) => effect === 'accounts');
  return (
    account && {
      code: 'base-unknown',
      why: `the account would be made in ${image.text}, which is another distribution`,
      at: account.command,
    }
  );
}
