/** Where the package managers of Python put packages, as told by their settings. Data only. */

export interface PythonToolRow {
  readonly manager: 'poetry' | 'pipenv' | 'pdm' | 'uv';
  /** Variables and values with which packages go into the environment in force. */
  readonly inForce?: { readonly variable: string; readonly values: RegExp };
  /** Setting of `config` with the same meaning: `virtualenvs.create false`. */
  readonly inForceConfig?: RegExp;
  /** Flag of the command with the same meaning. */
  readonly inForceFlag?: string;
  /** Variables and values with which they go into `.venv` beside the manifest. */
  readonly inProject?: { readonly variable: string; readonly values: RegExp };
  readonly inProjectConfig?: RegExp;
  /** Whether `.venv` beside the manifest is what it does unasked. */
  readonly isInProject?: true;
  readonly source: string;
  readonly date: string;
}

const TRUE = /^(?:1|true|yes|on)$/i;
const FALSE = /^(?:0|false|no|off)$/i;

export const PYTHON_TOOLS: readonly PythonToolRow[] = [
  {
    manager: 'poetry',
    inForce: { variable: 'POETRY_VIRTUALENVS_CREATE', values: FALSE },
    inForceConfig: /^virtualenvs\.create (?:false|0)$/,
    inProject: { variable: 'POETRY_VIRTUALENVS_IN_PROJECT', values: TRUE },
    inProjectConfig: /^virtualenvs\.in-project (?:true|1)$/,
    source: 'python-poetry/poetry:docs/configuration.md',
    date: '2026-11',
  },
  {
    manager: 'pipenv',
    inForceFlag: '--system',
    inProject: { variable: 'PIPENV_VENV_IN_PROJECT', values: TRUE },
    source: 'pypa/pipenv:docs/configuration.md',
    date: '2026-11',
  },
  { manager: 'pdm', isInProject: true, source: 'pdm-project/pdm:docs/usage/venv.md', date: '2026-11' },
  { manager: 'uv', isInProject: true, source: 'astral-sh/uv:docs/concepts/projects/layout.md', date: '2026-11' },
];

/** Packages that install others: an application does not import them. */
export const INSTALLERS: ReadonlySet<string> = new Set(
  'pip setuptools wheel virtualenv pipenv poetry poetry-core poetry-plugin-export uv pdm pip-tools build cython'.split(
    ' ',
  ),
);
