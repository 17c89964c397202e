/** What the full image has and the runtime stage must install: libraries of Python packages. */
import { BRINGS_LIBRARY, PYTHON_LIBRARIES } from '../knowledge/python-libraries.ts';
import type { Need } from './programs.ts';
import type { Dependencies } from './python-packages.ts';
import { runTimeNames } from './system.ts';
import type { StageView } from './view.ts';

/** Libraries that the installed Python packages link to, open or start. */
export function libraryNeeds({ system }: StageView, names: Dependencies['names']): Need[] {
  return PYTHON_LIBRARIES.flatMap(({ packages, debian, ...releases }) => {
    const name = packages.find((it) => names.has(it) && !names.has(BRINGS_LIBRARY[it] ?? ''));
    const at = name === undefined ? undefined : names.get(name);
    if (!at) return [];
    const libraries = debian ?? runTimeNames(releases, system) ?? [];
    return libraries.map((library) => ({
      package: library,
      evidence: { file: at.file, line: at.line, says: `${name} needs ${library} when it runs` },
    }));
  });
}
