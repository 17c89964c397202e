// Bundles the command, the public API and the measuring scripts into dist/. `--types` writes the type declarations instead.
// Every file is written under another name and renamed, so that a reader, or a second build, never meets half a file.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lateBuiltins, plainYargs } from './plugins.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

/** dockerfile-ast is CommonJS and asks for its parts with require(). */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);";

const targets = [
  { name: 'redock.mjs', from: 'src/cli.ts', bin: true },
  { name: 'index.mjs', from: 'src/index.ts' },
  { name: 'testing.mjs', from: 'src/testing.ts' },
  { name: 'laws.mjs', from: 'scripts/laws.ts', external: true },
  { name: 'bench.mjs', from: 'scripts/bench.ts', external: true },
  { name: 'lab-report.mjs', from: 'scripts/lab-report.ts', external: true },
  { name: 'catalogue.mjs', from: 'scripts/catalogue/index.ts', external: true },
  { name: 'readme.mjs', from: 'scripts/readme.ts', external: true },
].filter(({ from }) => existsSync(join(root, from)));

function types() {
  const script = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [script, '--emitDeclarationOnly', '--declaration', '--noEmit', 'false', '--outDir', join(dist, 'types')];
  const run = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  return run.status ?? 1;
}

async function bundle() {
  const { build } = await import('esbuild');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const started = new Date();
  const work = join(dist, `.build-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    await Promise.all(
      targets.map(({ name, from, bin, external }) =>
        build({
          absWorkingDir: root,
          entryPoints: [from],
          outfile: join(work, name),
          bundle: true,
          platform: 'node',
          format: 'esm',
          target: 'node20',
          minify: bin === true,
          legalComments: 'eof',
          logLevel: 'warning',
          define: { REDOCK_VERSION: JSON.stringify(version) },
          plugins: bin ? [lateBuiltins, plainYargs] : [],
          banner: { js: bin ? `#!/usr/bin/env node\n${REQUIRE}` : REQUIRE },
          // The scripts compare with development dependencies, which need their own files beside them.
          ...(external ? { external: ['@reteps/dockerfmt', 'esbuild'] } : {}),
        }),
      ),
    );
    for (const { name, bin } of targets) {
      const file = join(work, name);
      if (bin) chmodSync(file, 0o755);
      // As old as the start of the build: a source that is saved meanwhile is newer.
      utimesSync(file, started, started);
      renameSync(file, join(dist, name));
    }
    return 0;
  } catch (error) {
    // esbuild has printed its own errors.
    if (!error.errors) console.error(error);
    return 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

process.exitCode = process.argv.includes('--types') ? types() : await bundle();
