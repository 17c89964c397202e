/** The demo as its user would prove it: `redock verify --run` on services of fixtures/shop. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtBefore, commitAll, exec, folders } from '../spawn.ts';
import { BUILD_OPTIONS } from './sample.ts';

builtBefore();
const folder = folders();

/** Those whose images and packages every lab has; `REDOCK_E2E=all` takes the others too, which need half an hour. */
const SERVICES = ['cart', 'pricing'];
const LONGER = ['catalog', 'invoices', 'mailer', 'orders', 'shipping', 'web'];

it.each(process.env.REDOCK_E2E === 'all' ? [...SERVICES, ...LONGER] : SERVICES)(
  '%s builds, rebuilds faster and answers the same',
  (service) => {
    const root = folder();
    cpSync(join(import.meta.dirname, '../../fixtures/shop'), root, { recursive: true });
    commitAll(root);
    const options = BUILD_OPTIONS.flatMap((option) => [`--build-option=${option}`, `--run-option=${option}`]);
    const { code, out, err } = exec(
      root,
      'redock',
      ['verify', `services/${service}`, '--run', '--format', 'json', ...options],
      undefined,
      { TMPDIR: process.env.TMPDIR ?? '/tmp' },
    );
    expect(code, err + out).toBe(0);
    const [image] = JSON.parse(out).images;
    expect(image, out).toMatchObject({ status: 'better', run: { verdict: 'same' } });
    expect(image.after.source).toBeLessThan(image.before.source);
    if (image.run.after.opened !== undefined) expect(image.run.answers).toMatchObject([{ alike: true }]);
    expect(image.run.before.uid).toBe(0);
    expect(image.run.after.uid).toBeGreaterThan(0);
    expect(exec(root, 'git', ['status', '--porcelain']).out).toBe('');
  },
  900_000,
);
