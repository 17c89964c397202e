// How the bundle of the command leaves out of its start what few runs need.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/**
 * Parts of Node that few commands need are loaded by the first call of one of their functions: as an import of the one
 * bundled file every run would pay for them. Their classes and values are reached through the default import only,
 * which is asked when it is used.
 */
export const lateBuiltins = {
  name: 'late-builtins',
  setup(build) {
    const filter = /^node:(?:child_process|crypto|https?|net|tls|worker_threads)$/;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'late' }));
    build.onLoad({ filter, namespace: 'late' }, ({ path }) => {
      // values, not getters: some of those warn that they are deprecated
      const parts = Object.entries(Object.getOwnPropertyDescriptors(load(path)));
      const functions = parts.filter(([name, { value }]) => /^[a-z]/.test(name) && typeof value === 'function');
      return {
        contents: [
          `const part = () => process.getBuiltinModule('${path}');`,
          'export default /* @__PURE__ */ new Proxy({}, { get: (_, name) => part()[name] });',
          ...functions.map(([name]) => `export const ${name} = (...args) => part().${name}(...args);`),
        ].join('\n'),
      };
    });
  },
};

/** What yargs asks for, as far as a command line of plain English characters needs it. */
const PLAIN = {
  // the tables of emoji take 15 ms to build; our help holds none (tested)
  'string-width': 'export default (text) => text.length;',
  // no colours, no wrapping: our help has neither
  'strip-ansi': 'export default (text) => text;',
  'wrap-ansi': 'export default (text) => text;',
  // looks through the folders above for a package.json that tells the version, which we tell ourselves
  'escalade/sync': 'export default () => undefined;',
  // finds commands in a folder of files: we have none
  'get-caller-file': 'export default () => undefined;',
  // reads a translation from a folder outside of the package; English is what it finds no translation for
  y18n: `
    import { format } from 'node:util';
    const ofNumber = (one, many, count, ...rest) => {
      const text = count === 1 ? one : many;
      return text.includes('%d') ? format(text, count, ...rest) : format(text, ...rest);
    };
    export default () => ({ __: format, __n: ofNumber, getLocale: () => 'en', setLocale() {}, updateLocale() {} });`,
  assert: `
    const check = (holds) => { if (!holds) throw new Error('assertion failed'); };
    export const strictEqual = (a, b) => check(Object.is(a, b));
    export const notStrictEqual = (a, b) => check(!Object.is(a, b));`,
};

/** After every command yargs makes the text of its help, for programs that show it when they have read their arguments. */
const HELP_AFTER_COMMAND = 'yargs.getInternalMethods().getUsageInstance().cacheHelpMessage();';

/** yargs without what it does at every start for other programs: tables, searches, translations, help nobody asked for: 15 ms. */
export const plainYargs = {
  name: 'plain-yargs',
  setup(build) {
    const filter = new RegExp(`^(?:${Object.keys(PLAIN).join('|')})$`);
    build.onResolve({ filter }, ({ path, importer }) =>
      /node_modules.(?:yargs|cliui)\b/.test(importer) ? { path, namespace: 'plain' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'plain' }, ({ path }) => ({ contents: PLAIN[path] }));
    build.onLoad({ filter: /yargs.build.lib.command\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes(HELP_AFTER_COMMAND)) throw new Error(`${path} is another one than the lock file has`);
      return { contents: text.replace(HELP_AFTER_COMMAND, '') };
    });
  },
};
