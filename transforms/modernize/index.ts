/** Old writings in their current form. Each rewrite is small, on its own and can be turned off. */
import { defineTransform } from '../../src/transform.ts';
import { absoluteWorkdir } from './absolute-workdir.ts';
import { addToCopy } from './add-to-copy.ts';
import { cdToWorkdir } from './cd-to-workdir.ts';
import { execForm } from './exec-form.ts';
import { fromCasing } from './from-casing.ts';
import { legacyPairs } from './legacy-pairs.ts';
import { maintainer } from './maintainer.ts';
import { overridden } from './overridden.ts';
import type { Rewrite } from './rewrite.ts';

const REWRITES: readonly Rewrite[] = [
  fromCasing,
  maintainer,
  legacyPairs,
  addToCopy,
  absoluteWorkdir,
  cdToWorkdir,
  execForm,
  overridden,
];

export const modernize = defineTransform({
  name: 'modernize',
  summary: 'Writes deprecated and legacy instructions in their current form',
  docs: {
    what: 'MAINTAINER becomes a label, ENV and LABEL take name=value, ADD that only copies becomes COPY, a relative WORKDIR is written in full, AS takes the case of FROM, a plain shell-form CMD or ENTRYPOINT takes the exec form.',
    why: 'The old forms are deprecated, warned about by the builder, or do more than they say: a shell-form CMD keeps signals from the program.',
    example: {
      before:
        'FROM node:22 as app\nMAINTAINER Jane Doe <jane@example.org>\nENV NODE_ENV production\nWORKDIR /srv\nADD server.js ./\nCMD node server.js\n',
      after:
        'FROM node:22 AS app\nLABEL maintainer="Jane Doe <jane@example.org>"\nENV NODE_ENV=production\nWORKDIR /srv\nCOPY server.js ./\nCMD ["node", "server.js"]\n',
      files: { 'server.js': "require('node:http').createServer().listen(3000);\n" },
    },
  },
  options: Object.fromEntries(
    REWRITES.map(({ option, help }) => [option, { kind: 'boolean' as const, default: true, help }]),
  ),
  mayChange: ['author', 'labels', 'cmd', 'entrypoint'],
  declines: Object.assign({}, ...REWRITES.map((rewrite) => rewrite.declines)),
  *plan(document, { project, options }) {
    // the escape character of Windows files
    if (document.escape === '`') return;
    for (const rewrite of REWRITES) if (options[rewrite.option] !== false) yield* rewrite.plan(document, project);
  },
});
