/** Platforms that an image is built for besides the usual two: variants on Alpine and wheels for musl are rare there. */
import type { Project } from '../../../src/project/project.ts';

const PLATFORM = /\b(?:linux\/)?arm\/v[67]\b|\blinux\/(?:386|s390x|ppc64le|riscv64)\b/;

/** `docker.mk:30`, where the files that start builds name such a platform. */
export function elsewherePlatform({ root, dockerfile }: Project): string | undefined {
  const above = dockerfile.split('/').slice(0, -1);
  const folders = ['.github/workflows', '', ...above.map((_, i) => above.slice(0, i + 1).join('/'))];
  const inFolders = folders.flatMap((dir) => root.list(dir).map((name) => (dir === '' ? name : `${dir}/${name}`)));
  const files = inFolders.filter((it) =>
    /(?:^|\/)(?:GNU)?[Mm]akefile$|\.mk$|(?:^|\/)docker-bake\.(?:hcl|json)$|compose[\w.-]*\.ya?ml$|^\.github\/.*\.ya?ml$|^\.gitlab-ci\.yml$/.test(
      it,
    ),
  );
  for (const file of files) {
    const line = (root.read(file) ?? '').split('\n').findIndex((it) => PLATFORM.test(it) && !/^\s*#/.test(it));
    if (line >= 0) return `${file}:${line + 1}`;
  }
  return undefined;
}
