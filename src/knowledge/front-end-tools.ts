/** Tools of the build of a front end, in images of other languages. Data only. */

/** System packages with its programs. */
export const FRONT_END_TOOLS = [
  { program: 'node', packages: ['nodejs'], source: 'Debian and Alpine package lists', date: '2026-11' },
  { program: 'npm', packages: ['npm'], source: 'Debian and Alpine package lists', date: '2026-11' },
  { program: 'yarn', packages: ['yarn', 'yarnpkg'], source: 'Debian and Alpine package lists', date: '2026-11' },
] as const;

/** What fetches the package sources of Node and Yarn. Source: nodesource/distributions, yarnpkg.com/getting-started. */
export const FRONT_END_SOURCES = /\bnodesource\.com\b|\bdl\.yarnpkg\.com\b/;

/** Gems that start Node when the program runs, or when it is loaded. Source: the gems. */
export const NODE_GEMS = {
  /** Looks for a JavaScript program when it is loaded. */
  starting: ['execjs', 'nodo', 'schmooze', 'grover', 'puppeteer-ruby', 'hypernova'],
  /** One of these is what execjs finds. */
  instead: ['mini_racer', 'therubyracer', 'duktape'],
  source: 'rails/execjs:lib/execjs/runtimes.rb; rubygems.org',
  date: '2026-11',
} as const;
