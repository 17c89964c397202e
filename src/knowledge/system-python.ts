/** Python as a package of Debian and Ubuntu: what brings it, what only installs with it, what is too old. Data only. */

/** What python3-pip depends on and a program may need when it runs. Source: packages.debian.org, packages.ubuntu.com: python3-pip. */
export const PIP_BRINGS = ['python3', 'ca-certificates'] as const;

/** Packages that a virtual environment has of its own, or that only make and fill one. */
export const PYTHON_INSTALLERS: ReadonlySet<string> = new Set([
  ...['python3-pip', 'python3-venv', 'python3-virtualenv', 'virtualenv', 'python3-dev', 'python3-setuptools'],
  ...['python3-wheel', 'python-is-python3', 'pipenv', 'pipx'],
]);

/** Python itself, and the part of its library that Debian keeps apart. */
export const PYTHON_ITSELF: ReadonlySet<string> = new Set([
  'python3',
  'python3-minimal',
  'python3-distutils',
  'python3-tk',
]);

/** Releases in which python3-pip brings python3-distutils, which `import distutils` needs. Source: packages.debian.org, packages.ubuntu.com. */
export const WITH_DISTUTILS = /^(?:1[12](?:\.|-|$)|bullseye|bookworm|2[02]\.04|focal|jammy)/;

/** Tags of releases whose Python has no virtual environments, or no packages of today: Python below 3.7. */
export const TOO_OLD = /^(?:1[4-8]\.\d\d|[6-9](?:\.|-|$)|trusty|xenial|bionic|wheezy|jessie|stretch)/;

/** Programs of Python that the system has as packages: those see the packages of the system alone. */
export const PYTHON_PROGRAMS: ReadonlySet<string> = new Set([
  ...['gunicorn', 'uwsgi', 'celery', 'uvicorn', 'hypercorn', 'daphne', 'flask', 'django-admin', 'scrapy', 'ipython3'],
  ...['jupyter', 'streamlit', 'waitress', 'pytest', 'ansible', 'ansible-playbook', 'mkdocs', 'sphinx-build'],
]);
