/** pip: no download cache in the layer. */

import type { Stage } from '../../src/document.ts';
import { familiarName } from '../../src/image.ts';
import { OLD_PIP } from '../../src/knowledge/system-packages.ts';
import { addFlag, lineOf, type Plan, type Run, said } from './run.ts';

/** `--no-cache-dir` for every pip install whose downloads stay in the layer. */
export function* pipNoCache(run: Run): Plan {
  const installs = run.calls.filter(
    ({ manager, verb, program, command }) =>
      manager === 'pip' &&
      verb === 'install' &&
      program.startsWith('pip') &&
      !command.has('--no-cache-dir', '--no-cache', '--cache-dir'),
  );
  const first = installs[0];
  if (!first || said.pipConfig(run.document) || keepsNoCache(run)) return;
  if (hasOldPip(run.instruction.stage)) {
    yield { code: 'old-pip', why: 'the pip of this release does not know --no-cache-dir', at: first.command };
    return;
  }
  yield {
    title: 'pip keeps no download cache in the layer',
    why: 'What pip downloaded stays in the layer although nothing reads it again.',
    evidence: installs.map(({ command }) => lineOf(run, command)),
    level: 'safe',
    at: first.command,
    edits: installs.map((call) => addFlag(call, '--no-cache-dir')),
  };
}

/** Variables, a cache mount that may be meant for pip, `rm -rf ~/.cache`, `pip cache purge`. */
function keepsNoCache({ instruction, text }: Run): boolean {
  const { env, args } = instruction.state;
  if (['PIP_NO_CACHE_DIR', 'PIP_CACHE_DIR'].some((name) => env.has(name) || args.has(name) || text.includes(name))) {
    return true;
  }
  return (
    instruction.flags.some(
      ({ name, value }) => name === 'mount' && /^(?=.*type=cache).*(?:pip|\.cache|root)/i.test(value),
    ) || /\brm\s[^;&|]{0,400}\.cache|\bcache purge\b/.test(text)
  );
}

function hasOldPip(stage: Stage | undefined): boolean {
  if (stage?.parent) return hasOldPip(stage.parent);
  const image = stage?.image;
  if (!image) return false;
  return (OLD_PIP.repositories as readonly string[]).includes(familiarName(image)) && OLD_PIP.tag.test(image.tag ?? '');
}
