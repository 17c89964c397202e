/** Editable installs, of which a part may stand beside the source. */
import { joinPath } from '../../../src/document/state.ts';
import { besides, requirementsFacts } from '../../../src/project/python.ts';
import type { Task, View } from '../types.ts';

/** Without pyproject.toml pip may write the metadata into the source folder of the builder, which nobody copies. */
export function editableDoubts(view: View): string[] {
  const folders = view.steps.flatMap(({ tasks }) => tasks).flatMap((task) => editables(view, task));
  return [...new Set(folders)]
    .filter((folder) => view.project.kind(folder === '' ? 'pyproject.toml' : `${folder}/pyproject.toml`) !== 'file')
    .map(
      (folder) => `whether the editable install of ${folder === '' ? 'the project' : folder} writes beside the source`,
    );
}

/** Folders of the context that a command installs with -e, or that a requirements file of it names so. */
function editables({ runtime, project }: View, { call, command, cwd }: Task): string[] {
  if (call?.manager !== 'pip' || call.action !== 'install') return [];
  const inImage = (path: string): string[] => {
    const place = joinPath(cwd, path.replace(/\[.*$/, ''));
    return place === undefined ? [] : [runtime.files.toContext(place) ?? ''];
  };
  const words = command.args.map(({ literal, raw }) => literal ?? raw);
  const named = words.flatMap((word, i) => (/^(?:-e|--editable)$/.test(words[i - 1] ?? '') ? inImage(word) : []));
  const develop = words.includes('develop') ? inImage('.') : [];
  const listed = call.requirementFiles.flatMap((file) => {
    const path = file === undefined ? undefined : inImage(file)[0];
    const facts = path === undefined ? [] : requirementsFacts(project.read(path) ?? '');
    return facts.flatMap((it) => (it.kind === 'editable' ? [besides(path as string, it.path) ?? ''] : []));
  });
  return [...named, ...develop, ...listed];
}
