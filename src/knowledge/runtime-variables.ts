/**
 * Variables of a container that its interpreter or framework reads when it starts. Data only.
 *
 * Left out on purpose: PYTHONDONTWRITEBYTECODE by default (uv installs no bytecode, so that every start would compile
 * every package again), JAVA_TOOL_OPTIONS and heap sizes (they change what the program may use), DOTNET_* (the images
 * of Microsoft set what belongs into a container).
 */

/** Programs that Python carries out, by the word that starts them. Source: the documentation of each, 2026-11. */
export const PYTHON_PROGRAMS: ReadonlySet<string> = new Set([
  'gunicorn',
  'uvicorn',
  'hypercorn',
  'daphne',
  'granian',
  'fastapi',
  'flask',
  'waitress-serve',
  'streamlit',
  'celery',
  'rq',
  'arq',
  'dramatiq',
]);

/** Frameworks that answer slower or tell more than they should without NODE_ENV=production, and do nothing else by it. */
export const NODE_FRAMEWORKS: readonly {
  readonly name: string;
  readonly says: string;
  source: string;
  date: string;
}[] = [
  {
    name: 'express',
    says: 'Express keeps compiled views and hides stack traces with it',
    source: 'expressjs/expressjs.com:en/advanced/best-practice-performance.md',
    date: '2026-11',
  },
  {
    name: 'koa',
    says: 'Koa and its middleware read it',
    source: 'koajs/koa:docs/api/index.md',
    date: '2026-11',
  },
];

/** Programs that set NODE_ENV themselves. */
export const SETS_NODE_ENV: ReadonlySet<string> = new Set(['next', 'nuxt', 'react-scripts', 'remix-serve']);

/** Packages that choose a configuration file, or a part of one, by NODE_ENV. Source: the README of each, 2026-11. */
export const NODE_ENV_READERS: ReadonlySet<string> = new Set([
  'config',
  'dotenv-flow',
  'dotenv-cli',
  'env-cmd',
  'knex',
  'sequelize',
  'convict',
  'nconf',
  'node-config-ts',
  '@feathersjs/configuration',
  '@adonisjs/core',
]);
