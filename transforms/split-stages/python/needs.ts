/** What the full image has and the runtime stage must install: libraries of Python packages. */
import { PYTHON_LIBRARIES } from '../../../src/knowledge/python-libraries.ts';
import { runTimeNames } from '../packages.ts';
import type { Need } from '../programs.ts';
import type { View } from '../types.ts';
import type { Dependencies } from './dependencies.ts';

/** Libraries that the installed Python packages link to, open or start. */
export function libraryNeeds({ system }: View, names: Dependencies['names']): Need[] {
  return PYTHON_LIBRARIES.flatMap(({ packages, debian, ...releases }) => {
    const name = packages.find((it) => names.has(it));
    const at = name === undefined ? undefined : names.get(name);
    if (!at) return [];
    const libraries = debian ?? runTimeNames(releases, system) ?? [];
    return libraries.map((library) => ({
      package: library,
      evidence: { file: at.file, line: at.line, says: `${name} needs ${library} when it runs` },
    }));
  });
}
