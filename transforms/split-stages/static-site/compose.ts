/** What compose files say about containers of the front end that nginx could not keep. */

import { NGINX_PROGRAMS } from '../../../src/knowledge/static-sites.ts';
import { serviceFacts } from '../../../src/project/compose-service.ts';
import { isRecord } from '../../../src/project/manifests.ts';
import type { Obstacle, View } from '../types.ts';

/** Mounts, commands and accounts of the services that build the Dockerfile. `dir`: the folder of the package in the image. */
export function composeObstacle({ project }: View, dir: string): Obstacle | undefined {
  for (const { service, file = '' } of project.contexts) {
    if (!service) continue;
    const { fields } = service;
    const facts = serviceFacts(fields);
    const at = (field: string) => `${file}:${service.lineOf(field)}`;
    const mount = facts.volumes.find(({ target }) => isNear(target, dir));
    if (mount) return { code: 'development', why: `${at('volumes')} mounts ${mount.target} over the source` };
    if (isRecord(fields.develop)) return { code: 'development', why: `${at('develop')} follows the source` };
    for (const field of ['command', 'entrypoint', 'user', 'read_only', 'cap_drop'] as const) {
      if (fields[field] === undefined || fields[field] === null || fields[field] === false) continue;
      return { code: 'compose-override', why: `${at(field)} sets ${field}, with which nginx does not start` };
    }
    const missing = facts.healthcheck === undefined ? undefined : missingProgram(facts.healthcheck);
    if (missing !== undefined)
      return {
        code: 'compose-override',
        why: `the health check at ${at('healthcheck')} runs ${missing}, which is not in the image of nginx`,
      };
  }
  return undefined;
}

const isNear = (target: string, dir: string): boolean => {
  const place = target.replace(/\/+$/, '') || '/';
  return place === dir || place.startsWith(`${dir}/`) || dir.startsWith(place === '/' ? '/' : `${place}/`);
};

/** The first program of a health check that the image of nginx does not have. */
export function missingProgram(check: string | readonly string[]): string | undefined {
  const words =
    typeof check === 'string' ? check : /^(?:\/bin\/)?(?:ba|a)?sh$/.test(check[0] ?? '') ? (check[2] ?? '') : undefined;
  const programs =
    words === undefined ? [check[0] ?? ''] : words.split(/\|\||&&|[;|]/).map((it) => it.trim().split(/\s+/)[0] ?? '');
  return programs.find((it) => it !== '' && !NGINX_PROGRAMS.has(it.split('/').at(-1) as string));
}
