/** Whether Gemfile.lock holds what the Gemfile asks for: the question that a frozen bundle asks before it installs. */
import { within } from './manifests.ts';
import type { LockVerdict } from './node-locks.ts';
import type { Project } from './project.ts';
import { rubyFacts } from './ruby.ts';

const unclear = (why: string, line?: number): LockVerdict => ({ kind: 'unclear', why, line });
const differs = (why: string, line?: number): LockVerdict => ({ kind: 'differs', why, line });

/** A gem with its requirements, sorted and joined: `>= 1, < 2`. */
interface Gem {
  readonly name: string;
  readonly requirement: string;
  /** Only on some platforms: the lock need not hold a version of it. */
  readonly limited: boolean;
  readonly line: number;
}

/** Compares the Gemfile of a folder with its lock. The `format` of an agreement: the platforms of the lock, joined by blanks. */
export function gemLock(project: Project, dir: string): LockVerdict {
  const facts = rubyFacts(project, dir);
  const lock = within(dir, facts?.manifest.endsWith('gems.rb') ? 'gems.locked' : 'Gemfile.lock') as string;
  const text = project.read(lock);
  if (!facts || text === undefined) return unclear(`${lock} cannot be read`);
  const [elsewhere] = facts.reaches;
  if (elsewhere) return unclear(`${facts.manifest} reaches for other files: ${elsewhere.says}`, elsewhere.line);
  const wanted = gemsOf(facts.text);
  if ('why' in wanted) return unclear(`${facts.manifest} has a line that is not read here: ${wanted.why}`, wanted.line);
  const held = section(text, 'DEPENDENCIES').map((line) => /^([\w.-]+)(?: \(([^)]*)\))?(!)?$/.exec(line));
  if (held.some((match) => match === null || match[3] !== undefined))
    return unclear(`${lock} takes gems from elsewhere`);
  const locked = new Map(held.map((match) => [match?.[1] as string, normal(match?.[2]?.split(', ') ?? [])]));
  const specs = new Set([...text.matchAll(/^ {4}([\w.-]+) \(/gm)].map((match) => match[1]));
  for (const { name, requirement, limited, line } of wanted.gems) {
    const other = locked.get(name);
    if (other !== requirement) {
      return differs(
        `${name} is ${requirement || 'any'} in ${facts.manifest} and ${other ?? 'absent'} in ${lock}`,
        line,
      );
    }
    if (!limited && !specs.has(name)) return differs(`${lock} does not hold ${name}`, line);
  }
  const extra = [...locked.keys()].find((name) => !wanted.gems.some((gem) => gem.name === name));
  if (extra !== undefined) return differs(`${lock} has ${extra}, which ${facts.manifest} does not name`);
  return { kind: 'agrees', format: section(text, 'PLATFORMS').join(' '), packages: [dir] };
}

/** The lines of a block of the lock file, without their indent. */
function section(text: string, name: string): string[] {
  const lines = text.split(/\r?\n/);
  const from = lines.indexOf(name) + 1;
  const to = lines.findIndex((line, i) => i >= from && !/^\s+\S/.test(line));
  return from === 0 ? [] : lines.slice(from, to < 0 ? undefined : to).map((line) => line.trim());
}

/** `~>7.1` and `~> 7.1` are one; without an operator it is `=`; `>= 0` is any. */
function normal(requirements: readonly string[]): string {
  return requirements
    .map((it) => /^\s*(~>|>=|<=|!=|=|>|<)?\s*(.*?)\s*$/.exec(it)?.slice(1) ?? ['', it])
    .map(([operator, version]) => `${operator ?? '='} ${version}`)
    .filter((it) => it !== '>= 0')
    .sort()
    .join(', ');
}

/** Lines of a Gemfile that say nothing about which gems there are. */
const HARMLESS =
  /^(?:end|source\s*\(?\s*(["'])[^"']+\1\s*\)?|ruby\b.*|(?:group|platforms?)\b[^#]*\bdo|git_source\b.*\{.*\}|#.*|)$/;
/** Options that do not change where a gem comes from. */
const OPTIONS = /^(?:require|groups?|platforms?|force_ruby_platform)$/;

/** Every `gem` line; `why`: the first line that is no plain one. */
function gemsOf(text: string): { readonly gems: readonly Gem[] } | { readonly why: string; readonly line: number } {
  const gems = new Map<string, Gem>();
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1;
    let entry = withoutComment(lines[i] as string);
    while (/[,[]$/.test(entry) && i + 1 < lines.length) entry += ` ${withoutComment(lines[++i] as string)}`;
    if (HARMLESS.test(entry)) continue;
    const gem = gemOf(entry, line);
    const known = gem && gems.get(gem.name);
    if (!gem || (known && known.requirement !== gem.requirement)) return { why: entry, line };
    gems.set(gem.name, gem);
  }
  return { gems: [...gems.values()] };
}

const withoutComment = (line: string): string => line.replace(/(?:^|\s)#.*$/, '').trim();

/** `gem "rails", "~> 8.0", require: false` */
function gemOf(entry: string, line: number): Gem | undefined {
  const name = /^gem[\s(]+(["'])([\w.-]+)\1/.exec(entry);
  if (!name) return undefined;
  let rest = entry.slice(name[0].length).replace(/\)$/, '');
  const requirements: string[] = [];
  for (
    let part = /^\s*,\s*\[?\s*(["'])([^"']*)\1\s*\]?/.exec(rest);
    part;
    part = /^\s*,\s*(["'])([^"']*)\1\s*\]?/.exec(rest)
  ) {
    requirements.push(part[2] as string);
    rest = rest.slice(part[0].length);
  }
  // require: %w[a b], platforms: [:mri, :windows], :group => "test"
  const option =
    /^\s*,\s*(?::(\w+)\s*=>|(\w+):)\s*(?:%[wi]?[[(][^\])]*[\])]|\[[^\]]*\]|:\w+|"[^"]*"|'[^']*'|true|false|nil)/;
  for (let part = option.exec(rest); part; part = option.exec(rest)) {
    if (!OPTIONS.test((part[1] ?? part[2]) as string)) return undefined;
    rest = rest.slice(part[0].length);
  }
  const limited = /\bplatforms?\b/.test(entry);
  return rest.trim() === '' ? { name: name[2] as string, requirement: normal(requirements), limited, line } : undefined;
}
