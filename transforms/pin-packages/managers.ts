/** How the managers write a package without and with a version. */
import type { LockedManager } from '../../src/lock-file.ts';
import type { Invocation } from '../../src/shell/invocation.ts';
import { alone, otherGo, type PinnedVersion } from './doubts.ts';

export interface NamedRow {
  readonly manager: LockedManager;
  /** Versions are written only when the user asks for it. */
  readonly onRequest?: true;
  /** Whether a call installs the packages behind it in versions of its own choice. */
  readonly isInstall: (call: Invocation) => boolean;
  /** The package that a word names without a version; undefined: it has one, or is a path, an address, a range. */
  readonly nameOf: (literal: string) => string | undefined;
  /** The word with a version. `alone`: it is the only one. */
  readonly written: (literal: string, version: string, alone: boolean) => string;
  /** Packages of the manager itself, whose newest version is what everybody takes: no advice about them. */
  readonly ownTools?: ReadonlySet<string>;
  /** What is not known about a version that a file of the project names, as a sentence. */
  readonly doubt?: (pin: PinnedVersion) => string | undefined;
  /** What would name a version besides redock.lock. */
  readonly sources?: string;
}

/** They set the upper bounds of what they need themselves. */
const PYTHON_TOOLS = /^(?:poetry|uv|pdm|pipenv|pip|setuptools|wheel)$/;
const ARCHIVE = /\.(?:txt|whl|zip|tgz|tar\.\w+|gem|deb|apk)$/;
const match = (pattern: RegExp) => (literal: string) =>
  ARCHIVE.test(literal) ? undefined : pattern.exec(literal)?.[1];

export const NAMED: readonly NamedRow[] = [
  {
    manager: 'npm',
    isInstall: ({ manager, program, verb, operands }) =>
      /^(?:npm|pnpm|yarn)$/.test(manager) &&
      !/x$/.test(program) &&
      /^(?:install|i|add|global add)$/.test(verb) &&
      operands.length > 0,
    nameOf: match(/^((?:@[\w.-]+\/)?[A-Za-z][\w.-]*)(?:@latest)?$/),
    written: (literal, version) => `${literal.replace(/@latest$/, '')}@${version}`,
    sources: 'packageManager of package.json, or a devDependency with a lock file beside it',
  },
  {
    manager: 'pip',
    isInstall: ({ manager, program, verb, operands }) =>
      operands.length > 0 &&
      (manager === 'pip'
        ? /^pip/.test(program) && verb === 'install'
        : manager === 'uv' && /^(?:pip|tool) install$/.test(verb)),
    nameOf: match(/^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?$/),
    written: (literal, version) => `${literal}==${version}`,
    ownTools: new Set(['pip', 'setuptools', 'wheel']),
    doubt: (pin) => (PYTHON_TOOLS.test(pin.name) ? undefined : alone(pin)),
    sources: 'a requirements file or a lock file beside the Dockerfile',
  },
  {
    manager: 'gem',
    isInstall: ({ manager, verb, command }) =>
      manager === 'gem' && /^(?:install|i)$/.test(verb) && !command.has('-v', '--version', '-g', '--file'),
    nameOf: match(/^([A-Za-z][\w.-]*)$/),
    written: (literal, version, alone) => (alone ? `${literal} -v ${version}` : `${literal}:${version}`),
    doubt: (pin) => (pin.name === 'bundler' ? undefined : alone(pin)),
    sources: 'Gemfile.lock',
  },
  {
    manager: 'go',
    isInstall: ({ manager, verb }) => manager === 'go' && /^(?:install|get)$/.test(verb),
    nameOf: match(/^([\w.-]+\.[\w.-]+\/[\w./~-]+)@latest$/),
    written: (literal, version) => literal.replace(/latest$/, version),
    doubt: otherGo,
    sources: 'a requirement in go.mod',
  },
  {
    manager: 'cargo',
    isInstall: ({ manager, program, verb, command, operands }) =>
      manager === 'cargo' &&
      program === 'cargo' &&
      verb === 'install' &&
      operands.length === 1 &&
      !command.has('--version', '--vers', '--git', '--path'),
    nameOf: match(/^([A-Za-z][\w-]*)$/),
    written: (literal, version) => `${literal} --version ${version}`,
  },
  {
    manager: 'apt',
    onRequest: true,
    isInstall: ({ manager, verb }) => manager === 'apt' && verb === 'install',
    nameOf: match(/^([a-z0-9][a-z0-9.+-]*[a-z0-9.])$/),
    written: (literal, version) => `${literal}=${version}`,
  },
  {
    manager: 'apk',
    onRequest: true,
    isInstall: ({ manager, verb }) => manager === 'apk' && verb === 'add',
    nameOf: match(/^([a-z0-9][\w.+-]*)$/),
    written: (literal, version) => `${literal}=${version}`,
  },
];

/** What to do about packages without a version. */
export function adviceText({ manager, sources }: NamedRow, names: readonly string[]): string {
  const block = `[[package]] manager = "${manager}", name = "${names[0]}", version = "..."`;
  const elsewhere = sources === undefined ? '' : `${sources} would say which; `;
  return `Every build may take another one. Next step: ${elsewhere}a block in redock.lock says it as well: ${block}.`;
}
