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
/** A volume of the mailer's is root's where it exists (held as risky); nginx gives its workers another account by itself. */
const STAY_ROOT = ['mailer', 'web'];

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
    const [image] = JSON.parse(out).images;
    expect(image, err + out).toMatchObject({ run: { verdict: 'same' } });
    // A cold build downloads, and takes what the machine and the network give it that minute.
    if (!/^the cold build is \d+ % slower$/.test(image.why)) expect([code, image.status], out).toEqual([0, 'better']);
    expect(image.after.size).toBeLessThan(image.before.size / 1.4);
    expect(image.after.source).toBeLessThan(image.before.source);
    if (image.run.after.opened !== undefined) expect(image.run.answers).toMatchObject([{ alike: true }]);
    expect(image.run.before.uid).toBe(0);
    if (STAY_ROOT.includes(service)) expect(image.run.after.uid).toBe(0);
    else expect(image.run.after.uid).toBeGreaterThan(0);
    expect(exec(root, 'git', ['status', '--porcelain']).out).toBe('');
  },
  900_000,
);
