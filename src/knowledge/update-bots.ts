/** Files that show that a bot renews the images of a repository, so that a digest does not freeze security fixes. */
export const UPDATE_BOTS = [
  {
    name: 'Renovate',
    files: [
      'renovate.json',
      'renovate.json5',
      '.renovaterc',
      '.renovaterc.json',
      '.renovaterc.json5',
      '.github/renovate.json',
      '.github/renovate.json5',
      '.gitlab/renovate.json',
      '.gitlab/renovate.json5',
    ],
    /** What the file has to say for images to be among what is renewed. */
    says: undefined,
    source: 'renovatebot/renovate docs/usage/configuration-options.md',
    date: '2026-11',
  },
  {
    name: 'Dependabot',
    files: ['.github/dependabot.yml', '.github/dependabot.yaml'],
    says: /^\s*(?:-\s*)?package-ecosystem:\s*["']?docker["']?\s*(?:#.*)?$/m,
    source: 'docs.github.com/code-security/dependabot',
    date: '2026-11',
  },
] as const satisfies readonly {
  readonly name: string;
  readonly files: readonly string[];
  readonly says: RegExp | undefined;
  readonly source: string;
  readonly date: string;
}[];
