/** Names of variables and files that hold secrets, and which programs read them without being told. Data only. */

/** A part of a variable's name. Source: moby/buildkit:frontend/dockerfile/dockerfile2llb/validations.go, SecretsUsedInArgOrEnv, 2026-11. */
export const SECRET_NAME =
  /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token|accesstoken|authtoken|pat)(?:_|$)/i;
/** Parts that make it none: what is public, or where, when and of what kind a secret is. */
export const NO_SECRET_NAME =
  /(?:_|^)(?:public|file|path|dir|version|id|url|uri|host|name|type|ttl|length|alg|algorithm|expiry|expires|is|allow|mode|claim|parallelism|gpg|fingerprint|ids|header|random|site|publishable|anon)(?:_|$)/i;
/** Addresses of package indexes and hosts, whose value may hold a login. Sources: pypa/pip:docs/html/topics/configuration.md, astral-sh/uv:docs/reference/environment.md, rubygems/bundler: bundle-config (a host with dots as __), 2026-11. */
export const INDEX_NAME =
  /^(?:PIP_(?:EXTRA_)?INDEX_URL|UV_(?:(?:EXTRA_|DEFAULT_)?INDEX(?:_URL)?)|BUNDLE_(?!BUILD__|LOCAL__|MIRROR__)\w+__\w+)$/;
/** `https://user:password@host`, with variables and expressions as well. */
export const LOGIN_URL = /:\/\/[^\s/@'"]*[^\s/@:'"][^\s/@'"]*@|\$\{\{[^}]*secrets\./;
/** What is said of a key or token in words behind it, and keys of data: KEY_PREFIX, TOKEN_TIMEOUT, AUTH_ENABLED, SORT_KEY. */
export const NO_SECRET_PHRASE =
  /(?:^|_)(?:key|token|auth|secret|password|passwd|credentials?)_(?:prefix|suffix|size|bits|format|column|field|enabled|required|provider|issuer|audience|endpoint|server|domain|region|method|policy|scheme|strategy|backend|class|driver|timeout|age|lifetime|expiration|limit|rotation|interval|manager|service|realm)$|^(?:sort|primary|foreign|partition|cache|max|min|num)_(?:key|token)$/i;
/** What frontends write into the files that every visitor gets. */
export const PUBLIC_PREFIX = /^(?:VITE|REACT_APP|NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|PUBLIC|VUE_APP|NG_APP)_/;
/** Values that keep nothing secret: left empty, a switch, a word that asks to be replaced. */
export const PLACEHOLDER =
  /^(?:|change[-_]?me.*|dummy.*|placeholder|none|null|test|example|x+|your[-_].*|<.*>|true|false|yes|no|on|off|[\d.]{1,4}|[./~].*)$/i;

export interface ImplicitRow {
  readonly names: RegExp;
  /** Programs that read it from the environment. */
  readonly programs: RegExp;
  readonly source: string;
  readonly date: string;
}

const implicit = (names: RegExp, programs: RegExp, source: string): ImplicitRow => ({
  names,
  programs,
  source,
  date: '2026-11',
});
const PIP = /^(?:pip[\d.]*|python[\d.]*|pipenv|pipx)$/;
const NODE = /^(?:npm|npx|yarn|pnpm|bun|node|next|vite|sentry-cli)$/;

export const IMPLICIT_READERS: readonly ImplicitRow[] = [
  implicit(/^COMPOSER_AUTH$/, /^composer/, 'composer/composer:doc/03-cli.md'),
  implicit(
    /^(?:HF_TOKEN|HUGGING_?FACE_HUB_TOKEN)$/,
    /^(?:python|uv|hf$|huggingface)/,
    'huggingface/huggingface_hub:docs/source/en/package_reference/environment_variables.md',
  ),
  implicit(/^SENTRY_AUTH_TOKEN$/, NODE, 'getsentry/sentry-docs: Sentry CLI configuration'),
  implicit(/^(?:GITHUB_TOKEN|GH_TOKEN)$/, /^(?:gh|mise|composer|bundle|hub)$/, 'the manual of each'),
  implicit(
    /^CARGO_(?:REGISTRIES_\w+|REGISTRY)_TOKEN$/,
    /^cargo$/,
    'rust-lang/cargo:src/doc/src/reference/environment-variables.md',
  ),
  implicit(/^PIP_/, PIP, 'pypa/pip:docs/html/topics/configuration.md'),
  implicit(/^BUNDLE_/, /^(?:bundle|bundler)$/, 'rubygems/bundler:man/bundle-config.1.ronn'),
  implicit(/^UV_/, /^uvx?$/, 'astral-sh/uv:docs/reference/environment.md'),
  implicit(/^POETRY_/, /^poetry$/, 'python-poetry/poetry:docs/configuration.md'),
  implicit(/^TWINE_/, /^(?:twine|python)/, 'pypa/twine:docs/index.rst'),
  implicit(/^AWS_/, /^(?:aws|python|node|terraform|uv|pip)/, 'aws/aws-cli: environment variables'),
  implicit(/^TURBO_TOKEN$/, /^(?:turbo|npm|npx|yarn|pnpm)$/, 'vercel/turborepo:docs'),
];

/** Commands that write what they are given into a file that stays. */
export const KEEPERS: readonly { readonly program: RegExp; readonly words: RegExp; readonly date: string }[] = [
  { program: /^(?:npm|yarn|pnpm)$/, words: /^(?:config\s+set|set\s|login|adduser)/, date: '2026-11' },
  { program: /^git$/, words: /(?:^|\s)(?:clone|config|remote|submodule|credential)\b/, date: '2026-11' },
  {
    program: /^(?:pip3?|poetry|pdm|bundle|composer|gem|dotnet|nuget|conda)$/,
    words: /\b(?:config|sources?\s+--?add|add\s+source|nuget\s+add|update\s+source)\b/,
    date: '2026-11',
  },
  { program: /^aws$/, words: /^configure\b/, date: '2026-11' },
  { program: /^(?:docker|gh|helm|az|gcloud|huggingface-cli|hf)$/, words: /\b(?:login|auth)\b/, date: '2026-11' },
  { program: /^(?:tee|sed|envsubst)$/, words: /./, date: '2026-11' },
];

/** Commands that read no secret, whatever is in the environment. */
export const HARMLESS =
  /^(?:apt-get|apt|apk|dnf|microdnf|yum|mkdir|rm|chmod|chown|chgrp|ln|cp|mv|touch|echo|printf|set|true|cd|test|\[|useradd|adduser|groupadd|addgroup|usermod|update-ca-certificates|ldconfig|locale-gen|sed|cat|ls|export|exit|install|tar|unzip|corepack)$/;

/** Lines that say where packages are and who may have them; others may be about how they are installed or run. */
export const LOGIN_LINES = {
  npm: /^\s*(?:\/\/\S+:(?:_authToken|_auth|_password|username|email|always-auth)|(?:@[\w.-]+:)?registry|always-auth)\s*=/,
  composer: /./,
  pip: /^\s*(?:\[(?:global|install)\]|(?:extra-)?index-url\s*=|trusted-host\s*=)/,
} as const;

export interface SecretFileRow {
  readonly name: RegExp;
  /** What the file must hold where it can be read; absent: whatever it holds. */
  readonly holds?: RegExp;
  readonly what: string;
  /** install: a build reads it; ssh: a key; runtime: the application may read it. */
  readonly kind: 'install' | 'ssh' | 'runtime';
  /** Where the program looks for it in the home of root. */
  readonly home?: string;
  /** Programs that read it. */
  readonly readers?: RegExp;
  /** The lines that hold logins and addresses alone, by the row of LOGIN_LINES. */
  readonly lines?: keyof typeof LOGIN_LINES;
  readonly date: string;
}

const file = (it: Omit<SecretFileRow, 'date'>): SecretFileRow => ({ ...it, date: '2026-11' });

export const SECRET_FILES: readonly SecretFileRow[] = [
  file({
    name: /^\.npmrc$/,
    holds: /(?:_authToken|_auth|_password)\s*=\s*(?!\s*\$\{)\S/,
    what: "npm's tokens",
    kind: 'install',
    readers: /^(?:npm|npx|yarn|pnpm|pnpx|bun|bunx|corepack|lerna|nx|turbo)$/,
    lines: 'npm',
    home: '/root/.npmrc',
  }),
  file({
    name: /^\.yarnrc\.yml$/,
    holds: /npmAuth(?:Token|Ident):\s*["']?(?!\$\{)\w/,
    what: "yarn's tokens",
    kind: 'install',
    readers: /^yarn$/,
    home: '/root/.yarnrc.yml',
  }),
  file({
    name: /^[._]netrc$/,
    what: 'logins for servers',
    kind: 'install',
    readers: /^(?:git|curl|wget|pip[\d.]*|python[\d.]*|uv|poetry|pipenv|go|npm|yarn|pnpm|bundle|cargo|composer|make)$/,
    home: '/root/.netrc',
  }),
  file({
    name: /^\.pypirc$/,
    what: 'logins for package indexes',
    kind: 'install',
    readers: /^(?:twine|python[\d.]*)$/,
    home: '/root/.pypirc',
  }),
  file({
    name: /^pip\.conf$/,
    holds: /:\/\/[^\s/@:]+:[^\s/@]+@/,
    what: 'the login of a package index',
    kind: 'install',
    readers: /^(?:pip[\d.]*|python[\d.]*|pipenv)$/,
    lines: 'pip',
    home: '/root/.config/pip/pip.conf',
  }),
  file({
    name: /^settings\.xml$/,
    holds: /<(?:password|passphrase)>(?!\s*\$\{)/,
    what: "Maven's logins",
    kind: 'install',
    readers: /^mvnw?$/,
    home: '/root/.m2/settings.xml',
  }),
  file({
    name: /^nuget\.config$/i,
    holds: /ClearTextPassword|<packageSourceCredentials>/i,
    what: "NuGet's logins",
    kind: 'install',
    readers: /^(?:dotnet|nuget|msbuild)$/,
    home: '/root/.nuget/NuGet/NuGet.Config',
  }),
  file({
    name: /^auth\.json$/,
    holds: /"(?:github-oauth|http-basic|bearer|gitlab-token)"/,
    what: "Composer's logins",
    kind: 'install',
    readers: /^composer$/,
    lines: 'composer',
    home: '/root/.composer/auth.json',
  }),
  file({ name: /^id_(?:rsa|dsa|ecdsa|ed25519)$/, what: 'a private SSH key', kind: 'ssh' }),
  file({
    name: /^(?!.*(?:pub|cert|ca|chain|ca-bundle)\b).*\.(?:pem|key)$/,
    holds: /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    what: 'a private key',
    kind: 'runtime',
  }),
  file({
    name: /^\.env(?:\.(?!example|sample|template|dist|test|ci)[\w-]+)*$/,
    what: 'the variables of an environment',
    kind: 'runtime',
  }),
  file({
    name: /^(?:service[-_]?account[\w-]*|firebase-adminsdk[\w-]*|gcp-key[\w-]*)\.json$/,
    holds: /"private_key"/,
    what: 'the key of a service account',
    kind: 'runtime',
  }),
];
