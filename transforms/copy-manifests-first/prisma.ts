/** `prisma generate` as a script of an install: what it reads, and where it writes the client. */
import { posix } from 'node:path';
import { lineOf, presentIn, sends, within } from '../../src/project/manifests.ts';
import type { NodeFacts } from '../../src/project/node.ts';
import type { Found } from './node-scripts.ts';
import { type Call, type Obstacle, obstacle, placed } from './types.ts';

const CONFIGS = ['prisma.config.ts', 'prisma.config.mts', 'prisma.config.js', 'prisma.config.mjs', 'prisma.config.cjs'];

/**
 * Adds the schema, the settings and, for the generator that looks at it, tsconfig.json. A client that is written among the
 * source must not be overwritten by one of the host. `given`: `--schema`. Source: prisma/docs: generators, config reference.
 */
export function prismaNeeds(
  call: Call,
  facts: NodeFacts,
  given: string | undefined,
  found: Found,
): Obstacle | undefined {
  const { project } = call;
  const inDir = (path: string): string => within(facts.dir, path) ?? path;
  const stop = (why: string): Obstacle => obstacle('script-reads-source', why);
  const config = CONFIGS.map(inDir).find((path) => sends(project, path));
  const settings = config === undefined ? '' : (project.read(config) ?? '');
  if (/from\s+['"]\.{1,2}\/|require\(\s*['"]\.|import\s+['"]\./.test(settings))
    return stop(`${config} loads other files`);
  const needsEnv = /\benv\(/.test(settings);
  if (config !== undefined && (needsEnv || presentIn(project, facts.dir, ['.env']).length > 0)) {
    return stop(`${config} takes variables that may stand in ${inDir('.env')}`);
  }
  const named = /\bschema\s*:\s*['"]([^'"]+)['"]/.exec(settings)?.[1];
  if (named === undefined && /\bschema\s*:/.test(settings)) return stop(`${config} computes where the schema is`);
  const usual = sends(project, inDir('schema.prisma')) ? 'schema.prisma' : 'prisma/schema.prisma';
  const schema = inDir(given ?? facts.prismaSchema ?? named ?? usual);
  const kind = project.kind(schema);
  if (kind === undefined || project.ignored(schema)) {
    return stop(`prisma generate reads ${schema}, which does not exist in the build context`);
  }
  const isSchema = (name: string): boolean => name.endsWith('.prisma');
  const parts =
    kind === 'dir'
      ? project
          .list(schema)
          .filter(isSchema)
          .map((name) => `${schema}/${name}`)
      : [schema];
  for (const part of parts) {
    const problem = generators(call, facts, part, found);
    if (problem) return problem;
  }
  (kind === 'dir' ? found.folders : found.files).push(schema);
  if (config !== undefined) found.files.push(config);
  return undefined;
}

/** The generators of one schema file. */
function generators(call: Call, facts: NodeFacts, part: string, found: Found): Obstacle | undefined {
  const { project } = call;
  const text = (project.read(part) ?? '').replace(/^\s*\/\/.*$/gm, '');
  for (const [, block = ''] of text.matchAll(/^\s*generator\s+\w+\s*\{([^}]*)\}/gm)) {
    const provider = /^\s*provider\s*=\s*"([^"]+)"/m.exec(block)?.[1];
    const output = /^\s*output\s*=\s*"([^"]+)"/m.exec(block)?.[1];
    const says = placed(part, lineOf(project.read(part) ?? '', `"${provider}"`));
    if (provider !== 'prisma-client' && provider !== 'prisma-client-js') {
      return obstacle('script-reads-source', `${says} uses the generator ${provider}`);
    }
    if (output === undefined || output.includes('node_modules')) continue;
    const client = within(posix.dirname(part), output);
    if (client === undefined || !client.startsWith(facts.dir === '' ? '' : `${facts.dir}/`)) {
      return obstacle('script-reads-source', `${says} writes the client to ${output}`);
    }
    found.generated.push({ pattern: client, at: client });
    const tsconfig = provider === 'prisma-client' ? within(facts.dir, 'tsconfig.json') : undefined;
    if (tsconfig === undefined || !sends(project, tsconfig)) continue;
    const base = /"extends"\s*:\s*("\.[^"]*"|\[)/.exec(project.read(tsconfig) ?? '')?.[1];
    if (base !== undefined)
      return obstacle('script-reads-source', `${tsconfig}, which the generator looks at, extends ${base}`);
    if (!found.files.includes(tsconfig)) found.files.push(tsconfig);
  }
  return undefined;
}
