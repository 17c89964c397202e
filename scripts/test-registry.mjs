// `npm run test:registry`: the suite of the registry client against Debian's docker-registry on loopback, which it starts
// itself. Where the program is not installed nothing can be shown, and that is said.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

if (spawnSync('docker-registry', ['--version'], { stdio: 'ignore' }).error) {
  console.log('test:registry skipped: docker-registry is not installed (Debian: apt-get install docker-registry)');
} else {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/registry.test.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, REDOCK_TEST_REGISTRY: 'debian' },
  });
  process.exitCode = status ?? 1;
}
