/** Health checks of compose files that can never succeed, as they are written. */

import type { Change } from '../../src/edit.ts';
import { isRecord } from '../../src/project/manifests.ts';
import type { Project } from '../../src/project/project.ts';

/** `test: ["CMD", "curl -f http://..."]`: the engine looks for a program of that whole name. */
export function* brokenTests(project: Project): Iterable<Omit<Change, 'at'>> {
  for (const { service, file = '', name } of project.contexts) {
    const healthcheck = service?.fields.healthcheck;
    const test = isRecord(healthcheck) ? healthcheck.test : undefined;
    if (!service || !Array.isArray(test) || test.length !== 2 || test[0] !== 'CMD') continue;
    const command = String(test[1]);
    if (!/\s/.test(command.trim())) continue;
    yield {
      title: `The health check of ${name} names no program`,
      why: `Behind CMD every word stands by itself: the engine looks for a program called ${JSON.stringify(command)}, and the container never turns healthy. Write CMD-SHELL in place of CMD, or one text for each word.`,
      evidence: [{ file, line: service.lineOf('healthcheck', 'test'), says: `test: ${JSON.stringify(test)}` }],
      level: 'manual',
      edits: [],
    };
  }
}
