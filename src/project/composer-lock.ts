/** Whether composer.lock was made from composer.json: the question that `composer install` asks before it warns. */
import { createHash } from 'node:crypto';
import { isRecord, parseRecord, within } from './manifests.ts';
import type { LockVerdict } from './node-locks.ts';
import type { Project } from './project.ts';

/** What of composer.json the hash is about. Source: composer/composer src/Composer/Package/Locker.php, getContentHash. */
const RELEVANT = [
  ...['name', 'version', 'require', 'require-dev', 'conflict', 'replace', 'provide', 'minimum-stability'],
  ...['prefer-stable', 'repositories', 'extra'],
] as const;

/** Compares the two files of a folder by the hash that Composer keeps of one in the other. */
export function composerLock(project: Project, dir: string): LockVerdict {
  const manifest = parseRecord(project.read(within(dir, 'composer.json') ?? ''));
  const lock = parseRecord(project.read(within(dir, 'composer.lock') ?? ''));
  const hash = lock?.['content-hash'];
  if (!manifest || typeof hash !== 'string')
    return { kind: 'unclear', why: 'composer.lock has no hash of composer.json' };
  const platform = isRecord(manifest.config) ? manifest.config.platform : undefined;
  const entries = RELEVANT.filter((key) => key in manifest).map((key) => [key, manifest[key]] as const);
  const all = platform === undefined ? entries : [...entries, ['config', { platform }] as const];
  const content = Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
  const own = createHash('md5').update(asPhp(content)).digest('hex');
  return own === hash
    ? { kind: 'agrees', format: hash, packages: [dir] }
    : { kind: 'differs', why: 'composer.json has changed since composer.lock was made' };
}

/** JSON as PHP writes it: slashes and everything beyond ASCII escaped, an empty object as a list. */
function asPhp(value: unknown): string {
  const text = JSON.stringify(value, (_, it: unknown) => (isRecord(it) && Object.keys(it).length === 0 ? [] : it));
  return text
    .replaceAll('/', '\\/')
    .replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
