/** gunicorn in place of `manage.py runserver`, where all that it serves is served on. */
import { posix } from 'node:path';
import { joinPath } from '../../src/document/state.ts';
import type { Evidence } from '../../src/edit.ts';
import { lineAt, withoutComments } from '../../src/project/calls.ts';
import { originOf } from '../../src/project/origin.ts';
import { applicationFiles } from '../../src/project/program-files.ts';
import { pythonPackage } from '../../src/project/python-package.ts';
import type { Surroundings } from '../../src/project/service.ts';
import { writtenIn } from './edit.ts';
import { address, ELSEWHERE, LOOPBACK, ONE_PROCESS, obstacle, type Replacement, THREADS } from './python.ts';

/** gunicorn for `manage.py runserver`. */
export function djangoGunicorn(around: Surroundings): Replacement {
  const { document, project, stage, process } = around;
  const written = writtenIn(document, stage, process);
  if (!written) return obstacle(ELSEWHERE);
  const gunicorn = pythonPackage(document, project, stage, 'gunicorn');
  if (!gunicorn) return obstacle('gunicorn is not among the packages that the image installs for sure.');
  const taken = interpreterWords(written.before, process.interpreter);
  if (taken === undefined || process.program !== 'manage.py') return obstacle(ELSEWHERE);
  if (posix.dirname(process.path) !== '.' && posix.dirname(process.path) !== process.cwd)
    return obstacle('manage.py lies in another folder than the one in which it starts.');
  const [command, place, ...more] = process.args;
  const match = /^(?:([^:]*):)?([^:]+)$/.exec(place ?? '');
  if (command !== 'runserver' || more.length > 0 || !match)
    return obstacle(place === undefined ? LOOPBACK : 'One of its words has no counterpart that is known.');
  const bind = address(match[1], match[2] as string, written);
  if (bind === undefined)
    return obstacle(match[1] === undefined ? LOOPBACK : `The address ${place} cannot be taken over as it is.`);
  const app = wsgiModule(around);
  if ('obstacle' in app) return app;
  return {
    edits: [written.replace(['gunicorn', '--bind', bind, '--threads', THREADS, app.target], taken)],
    by: 'gunicorn',
    why: `It listens on ${bind} as before. ${ONE_PROCESS}`,
    evidence: [...process.evidence, gunicorn, ...app.evidence],
    doubts: [],
  };
}

/** How many words before manage.py are its interpreter: `python`, `python -u`; undefined: they stand elsewhere. */
function interpreterWords(before: readonly string[], interpreter: string | undefined): number | undefined {
  if (interpreter === undefined) return 0;
  const at = before.findLastIndex((word) => !word.startsWith('-'));
  return /^(?:.*\/)?python[\d.]*$/.test(before[at] ?? '') ? before.length - at : undefined;
}

type Wsgi = { readonly target: string; readonly evidence: readonly Evidence[] } | { readonly obstacle: string };

/** WSGI_APPLICATION of the settings, where gunicorn serves all that runserver did: whitenoise hands out the static files. */
function wsgiModule(around: Surroundings): Wsgi {
  const { document, project, stage, process } = around;
  const files = applicationFiles(around)?.files ?? [];
  const settings = files.filter(({ text }) => /^\s*(?:INSTALLED_APPS|MIDDLEWARE|WSGI_APPLICATION)\s*\+?=/m.test(text));
  const all = settings.map(({ text }) => withoutComments(text, 'hash')).join('\n');
  const name = /^WSGI_APPLICATION\s*=\s*['"]([\w.]+)\.(\w+)['"]/m.exec(all);
  if (!name) return { obstacle: 'No settings with WSGI_APPLICATION were found.' };
  if (/['"](?:channels|daphne)['"]/.test(all))
    return { obstacle: 'With channels or daphne installed runserver speaks ASGI, which a WSGI server does not.' };
  const module = name[1] as string;
  const path = joinPath(process.cwd, `${module.replaceAll('.', '/')}.py`);
  const file = path === undefined ? undefined : originOf(document, project, stage, path);
  const text = file === undefined ? undefined : project.read(file);
  if (file === undefined || text === undefined || !new RegExp(`^${name[2]}\\s*=`, 'm').test(text))
    return { obstacle: `${module}, which WSGI_APPLICATION names, is not among the files at hand.` };
  const setting = (it: string | undefined) => /DJANGO_SETTINGS_MODULE['"]\s*,\s*['"]([\w.]+)['"]/.exec(it ?? '')?.[1];
  const manage = originOf(document, project, stage, joinPath(process.cwd, 'manage.py') ?? '');
  const isSet = process.assignments.has('DJANGO_SETTINGS_MODULE') || stage.end.env.has('DJANGO_SETTINGS_MODULE');
  if (!isSet && (manage === undefined || setting(project.read(manage)) !== setting(text)))
    return { obstacle: `manage.py and ${file} name different settings.` };
  const evidence = [
    {
      file: project.rootPath(file),
      line: lineAt(text, text.search(new RegExp(`^${name[2]}\\s*=`, 'm'))),
      says: name[0],
    },
  ];
  if (!/['"]django\.contrib\.staticfiles['"]/.test(all)) return { target: `${module}:${name[2]}`, evidence };
  const whitenoise = settings.find(({ text: it }) => /whitenoise\.middleware/.test(withoutComments(it, 'hash')));
  if (!whitenoise)
    return { obstacle: 'runserver hands out the static files, and without whitenoise nothing else does.' };
  const collected = document.stages.some(({ instructions }) =>
    instructions.some(
      ({ keyword, args }) => /^(?:RUN|CMD|ENTRYPOINT)$/.test(keyword) && /\bcollectstatic\b/.test(args.text),
    ),
  );
  if (!collected && !/^WHITENOISE_USE_FINDERS\s*=\s*True/m.test(all))
    return {
      obstacle: 'The static files are collected (manage.py collectstatic) neither in the build nor at the start.',
    };
  const line = lineAt(whitenoise.text, whitenoise.text.indexOf('whitenoise.middleware'));
  const serves = { file: project.rootPath(whitenoise.path), line, says: 'whitenoise hands out the static files' };
  return { target: `${module}:${name[2]}`, evidence: [...evidence, serves] };
}
