/** The transforms of a run: the built-in ones, then the user's own of `--use`, in the order given. */
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transforms as builtIn } from '../../transforms/index.ts';
import { CONTRACT_KEYS } from '../contract.ts';
import { UsageError } from '../errors.ts';
import type { Transform } from '../transform.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with a foreign transform, as the end of a sentence; undefined: nothing. */
export function flawOf(value: unknown): string | undefined {
  if (!isRecord(value)) return 'has no default export that is a transform (an object, see defineTransform)';
  const { name, summary, docs, options, mayChange, declines, plan } = value;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return 'needs a `name` in kebab-case';
  if (typeof summary !== 'string' || summary === '') return 'needs a `summary`';
  if (!isRecord(docs) || typeof docs.what !== 'string' || typeof docs.why !== 'string')
    return 'needs `docs` with `what` and `why`';
  if (!isRecord(docs.example) || typeof docs.example.before !== 'string')
    return 'needs `docs.example` with `before` and `after`';
  if (!isRecord(options)) return 'needs `options` (an empty object when there are none)';
  for (const [key, option] of Object.entries(options)) {
    const kind = isRecord(option) ? option.kind : undefined;
    if (kind !== 'boolean' && kind !== 'choice' && kind !== 'string') return `has an option \`${key}\` without a kind`;
    const fits = kind === 'boolean' ? 'boolean' : 'string';
    if (!isRecord(option) || typeof option.default !== fits)
      return `has an option \`${key}\` whose default is no ${fits}`;
    if (kind === 'choice' && !Array.isArray(option.choices)) return `has an option \`${key}\` without choices`;
  }
  if (!Array.isArray(mayChange)) return 'needs `mayChange`, a list of contract keys';
  const unknown = mayChange.find((key) => !(CONTRACT_KEYS as readonly unknown[]).includes(key));
  if (unknown !== undefined) return `may change \`${unknown}\`, which is none of ${CONTRACT_KEYS.join(', ')}`;
  if (!isRecord(declines)) return 'needs `declines`, an object of codes and their meaning';
  if (typeof plan !== 'function') return 'needs a `plan` function';
  return undefined;
}

/**
 * Loads the built-in transforms and those of `files` (paths relative to `cwd`).
 * @throws UsageError: a file that cannot be loaded, is no transform, or takes a name that is taken
 */
export async function loadTransforms(files: readonly string[], cwd: string): Promise<readonly Transform[]> {
  const all: Transform[] = [...builtIn];
  for (const file of files) {
    let loaded: unknown;
    try {
      const module = await import(pathToFileURL(isAbsolute(file) ? file : resolve(cwd, file)).href);
      loaded = module.default;
    } catch (error) {
      const why =
        (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
          ? 'no such module, or one that it imports is missing'
          : String(error);
      throw new UsageError(`--use ${file}: cannot be loaded: ${why.split('\n')[0]}`);
    }
    const flaw = flawOf(loaded);
    if (flaw !== undefined) throw new UsageError(`--use ${file}: ${flaw}`);
    const transform = loaded as Transform;
    if (all.some(({ name }) => name === transform.name)) {
      throw new UsageError(`--use ${file}: there is a transform named ${transform.name} already`);
    }
    all.push(transform);
  }
  return all;
}
