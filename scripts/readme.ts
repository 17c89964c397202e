/** `npm run readme`: writes the parts of README.md that the code knows better. A test tells when they are stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openProject, prepareProjects, rewrite, Tree, transforms } from '../src/index.ts';
import { filePatch } from '../src/report/patch.ts';
import { fillPart } from './readme-part.ts';

const DEMO = 'services/catalog/Dockerfile';

function transformTable(): string {
  const rows = transforms.map(({ name, summary }) => `| \`${name}\` | ${summary.replaceAll('|', '\\|')} |`);
  return ['| transform | what it does |', '| --- | --- |', ...rows].join('\n');
}

async function demoDiff(root: string): Promise<string> {
  const tree = new Tree(join(root, 'fixtures', 'shop'));
  await prepareProjects(tree);
  const read = tree.readForRewrite(DEMO);
  if ('error' in read) throw new Error(read.error);
  const settings = { skip: [], level: 'review' as const, options: {} };
  const result = rewrite({
    path: DEMO,
    text: read.text,
    tree,
    project: openProject(tree, DEMO, {}),
    transforms,
    settings,
  });
  const patches = [{ path: DEMO, before: result.before, after: result.after }, ...result.files];
  return `\`\`\`diff\n${patches.map(({ path, before, after }) => filePatch(path, before, after)).join('')}\`\`\``;
}

/** The page with its generated parts made anew. `root` is the repository. */
export async function renderReadme(page: string, root: string): Promise<string> {
  const parts = { transforms: transformTable(), demo: await demoDiff(root) };
  return Object.entries(parts).reduce((text, [name, part]) => fillPart(text, name, part), page);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const path = join(root, 'README.md');
  writeFileSync(path, await renderReadme(readFileSync(path, 'utf8'), root));
}
