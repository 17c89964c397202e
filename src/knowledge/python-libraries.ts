/** System packages that Python packages need when they run, which a full image has and a slim one lacks. Data only. */

export interface PythonLibraryRow {
  /** Names as the index normalises them. */
  readonly packages: readonly string[];
  /** Debian packages; t64 packages of trixie provide the old names. */
  readonly debian?: readonly string[];
  /** Where the name differs by release. */
  readonly bookworm?: readonly string[];
  readonly trixie?: readonly string[];
  /** linked: an extension module links to it; loaded: opened by name; program: started. */
  readonly how: 'linked' | 'loaded' | 'program';
}

const row = (packages: string, how: PythonLibraryRow['how'], debian: string, trixie?: string): PythonLibraryRow => ({
  packages: packages.split(' '),
  how,
  ...(trixie === undefined
    ? { debian: debian.split(' ') }
    : { bookworm: debian.split(' '), trixie: trixie.split(' ') }),
});

/** Only what buildpack-deps holds and slim lacks: anything else the Dockerfile installs itself, or it never worked. Source: the packages' own documentation, November 2026. */
export const PYTHON_LIBRARIES: readonly PythonLibraryRow[] = [
  row('psycopg2 psycopg2cffi psycopg-c psycopg', 'linked', 'libpq5'),
  row('mysqlclient', 'linked', 'libmariadb3'),
  row('pycurl', 'linked', 'libcurl4'),
  row('uwsgi', 'linked', 'libxml2'),
  row('gitpython dvc pre-commit mlflow setuptools-scm cookiecutter copier', 'program', 'git'),
  row('ansible ansible-core ansible-runner', 'program', 'openssh-client'),
  row('python-magic filemagic unstructured', 'loaded', 'libmagic1'),
  row('wand', 'loaded', 'libmagickwand-6.q16-6', 'libmagickwand-7.q16-10'),
  row(
    'weasyprint django-weasyprint flask-weasyprint cairosvg cairocffi',
    'loaded',
    'libcairo2 libpango-1.0-0 libpangocairo-1.0-0 libpangoft2-1.0-0 libgdk-pixbuf-2.0-0',
  ),
  row('opencv-python opencv-contrib-python', 'loaded', 'libglib2.0-0'),
  row('pycairo', 'linked', 'libcairo2'),
  row('python-ldap', 'linked', 'libldap-2.5-0 libsasl2-2', 'libldap2 libsasl2-2'),
  // lightgbm-org/LightGBM#7141: the wheel does not bring it; abetlen/llama-cpp-python#1507: compiled with it where it is installed
  row('lightgbm paddlepaddle paddleocr llama-cpp-python', 'loaded', 'libgomp1'),
  row('gssapi krb5', 'linked', 'libgssapi-krb5-2'),
  row('pygit2 paramiko-ng', 'program', 'openssh-client'),
  row('maxminddb', 'loaded', 'libmaxminddb0'),
  row('pdfkit', 'program', 'wkhtmltopdf'),
];

/**
 * Modules of Python itself that open files of the system. `asks`: the code that uses one. Source: docker-library/python#254
 * (/etc/mime.types), the slim templates of docker-library/python (libraries of _tkinter are left out), November 2026.
 */
export const PYTHON_MODULES: readonly { readonly asks: RegExp; readonly debian: string; readonly says: string }[] = [
  {
    asks: /^\s*(?:import|from)\s+mimetypes\b/m,
    debian: 'media-types',
    says: 'mimetypes reads /etc/mime.types',
  },
  {
    asks: /^\s*(?:import|from)\s+(?:tkinter|turtle|customtkinter)\b/m,
    debian: 'libtk8.6',
    says: 'tkinter needs libtk8.6 when it runs',
  },
];

/** Packages that an extra brings, where they change what the system must have. Source: their metadata, November 2026. */
export const EXTRA_PACKAGES: Readonly<Record<string, string>> = {
  'psycopg[binary]': 'psycopg-binary',
  'psycopg[c]': 'psycopg-c',
  'django-allauth[saml]': 'python3-saml',
};

/** Packages that bring the library along which another one looks for. */
export const BRINGS_LIBRARY: Readonly<Record<string, string>> = { psycopg: 'psycopg-binary' };

/** Packages that compile when the program runs: the tool chain must stay. */
export const COMPILES_AT_RUN_TIME: ReadonlySet<string> = new Set(
  'triton pythran theano theano-pymc pytensor aesara pymc pymc3 cppyy pystan cmdstanpy prophet-cmdstan instant cython-inline weave numba-scipy ninja-jit deepspeed vllm'.split(
    ' ',
  ),
);
