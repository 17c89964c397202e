/** Build arguments that callers pass: the default that a pin stands in is not what they build with. */
import type { Reason } from '../../src/document/place-tag.ts';
import { placeText } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';

/**
 * A reason where every caller that is known passes an argument that decides on the image of a FROM (as written), a sentence
 * where one does; undefined: none does.
 */
export function passed({ contexts }: Project, written: string): Reason | string | undefined {
  // ${REGISTRY}/node: where the image comes from is another question
  const names = [...written.replace(/^\$(?:\w+|\{\w+\})\//, '').matchAll(/\$\{?(\w+)/g)].map((it) => it[1] as string);
  for (const name of names) {
    const [passing, ...more] = contexts.filter(({ args }) => args && Object.hasOwn(args, name));
    if (!passing) continue;
    const value = passing.args?.[name];
    const what = value === undefined ? `${name} from its environment` : `${name}=${value}`;
    const where = placeText({ file: passing.file ?? passing.by, line: passing.line });
    if (more.length + 1 < contexts.length) return `${where} passes ${what}: that build does not take the pin.`;
    return {
      code: 'argument-passed',
      why: `${where} passes ${what}: the default of the argument is not what is built`,
    };
  }
  return undefined;
}
