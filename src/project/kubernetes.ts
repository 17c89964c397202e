/** Kubernetes manifests of the repository. */
import { posix } from 'node:path';
import type { Evidence } from '../edit.ts';
import type { Project } from './project.ts';

/** Folders where manifests and charts are kept, at the root or beside the Dockerfile. */
const FOLDER =
  /^(?:k8s|kube|kubernetes|manifests?|helm|charts?|deploy|deployments?|infra|infrastructure)(?:[-_.].*)?$/i;
/** Files that are read at most, and how deep they are looked for. */
const FILES = 200;
const DEPTH = 4;

/** Where a pod of this image has `containerPort` of this number; undefined: no manifest at hand says so. */
export function podPort(project: Project, port: number): Evidence | undefined {
  const { root } = project;
  const isOurs = imageNames(project);
  const pattern = new RegExp(`^[\\s-]*containerPort:\\s*["']?${port}["']?\\s*(?:#.*)?$`);
  for (const file of manifests(project)) {
    const lines = root.read(file)?.split(/\r?\n/) ?? [];
    const at = lines.findIndex((line) => pattern.test(line));
    if (at >= 0 && lines.some((line) => isOurs.test(line)))
      return { file, line: at + 1, says: (lines[at] as string).trim() };
  }
  return undefined;
}

/** `image: example/shop-web:2` of the service `web`, or of the folder `web`: a line with one of the names. */
function imageNames({ contexts, dockerfile }: Project): RegExp {
  const folder = posix.basename(posix.dirname(dockerfile));
  const names = [folder, ...contexts.flatMap(({ service, name }) => (service && name ? [name] : []))];
  const known = names.filter((name) => /^[\w-]{2,}$/.test(name));
  return new RegExp(`^[\\s-]*image:.*?(?:${known.join('|') || ' '})[^/]*$`, 'i');
}

function manifests({ root, dockerfile }: Project): readonly string[] {
  const found: string[] = [];
  const walk = (folder: string, depth: number): void => {
    for (const name of depth > DEPTH ? [] : root.list(folder)) {
      const path = posix.join(folder, name);
      if (found.length >= FILES) return;
      if (root.kind(path) === 'dir') walk(path, depth + 1);
      else if (/\.ya?ml$/.test(name)) found.push(path);
    }
  };
  for (const place of new Set(['', posix.dirname(dockerfile).replace(/^\.$/, '')])) {
    for (const name of root.list(place)) if (FOLDER.test(name)) walk(posix.join(place, name), 1);
  }
  return found;
}
