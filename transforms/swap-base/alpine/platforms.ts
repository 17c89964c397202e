/** Platforms that an image is built for besides the usual two: variants on Alpine and wheels for musl are rare there. */
import type { Project } from '../../../src/project/project.ts';

const PLATFORM = /\b(?:linux\/)?arm\/v[67]\b|\blinux\/(?:386|s390x|ppc64le|riscv64)\b/;

/** `docker.mk:30`, where the files that start builds name such a platform. */
export function elsewherePlatform({ root }: Project): string | undefined {
  const workflows = root.list('.github/workflows').map((name) => `.github/workflows/${name}`);
  const files = [...root.list(''), ...workflows].filter((it) =>
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
