/** A web application on the image of Tomcat with a JDK: Tomcat compiles JSP with the compiler that it brings, and a JRE is enough. */
import { listedTag } from '../../../src/knowledge/image-releases.ts';
import { repositoryName } from '../../../src/knowledge/images.ts';
import { placeText } from '../../../src/project/manifests.ts';
import { withTag } from '../../../src/variant-tags.ts';
import { feedersOf } from '../feeders.ts';
import type { Obstacle, Rebase, View } from '../types.ts';
import { codeObstacle } from './files.ts';
import { runObstacle, sourcesOf } from './rebase.ts';

/** `tomcat:9-jdk17` becomes `tomcat:9-jre17`. Source: docker-library/official-images:library/tomcat; Apache Tomcat, Jasper HOW-TO. */
export function tomcat(view: View): Rebase | Obstacle | undefined {
  const { image, parent, fromWord, instructions } = view.stage;
  const tag = image?.tag;
  if (!image || parent || tag === undefined || repositoryName(image) !== 'tomcat') return undefined;
  if (!/(?:^|-)jdk\d/.test(tag)) return undefined;
  const jre = tag.replace(/(^|-)jdk(?=\d)/, '$1jre');
  const text = withTag(fromWord.value, tag, jre);
  if (text === undefined || image.digest !== undefined || !listedTag({ ...image, tag: jre }))
    return { code: 'base-unknown', why: `whether ${fromWord.value} has a JRE variant is not known` };
  const other = view.runtime.starts.find(
    ({ by, text }) => by !== 'HEALTHCHECK' && !/\bcatalina\.sh\W+run\b/.test(text),
  );
  if (other)
    return { code: 'programs-unknown', why: `${placeText(other)} starts ${other.text}, which may ask for a JDK` };
  const sources = sourcesOf(view, feedersOf(view));
  const obstacle = codeObstacle(view, sources) ?? runObstacle(view, { text, family: 'ubuntu', same: true });
  if (obstacle) return obstacle;
  const copies = instructions.filter(({ words }) => words.some(({ value }) => /\bwebapps\b|\.war$/.test(value)));
  return {
    why: 'The stage builds nothing, and Tomcat compiles JSP with the compiler that it brings: nothing asks for that of a JDK.',
    evidence: copies.map((it) => view.fact(it)),
    doubts: sources.length > 0 ? [] : ['whether the application asks for the compiler: its source is not at hand'],
    image: text,
    head: [],
  };
}
