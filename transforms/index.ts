/**
 * Every transform. THE ORDER IS THE ARRAY. modernize comes first, because a folder or an instruction in today's form
 * can be what a later transform needs: a second run would find it, and a second run must find nothing.
 * production-server stands behind its exec forms and before all that asks what the image starts,
 * use-secret-mounts before all that moves RUN instructions or asks which arguments they have. tidy-packages
 * comes before add-cache-mounts for the same reason: an install that has its own index update can have a mount; and
 * add-init comes before both, because it installs a package.
 * add-dockerignore and drop-dev-files come last: what is made beside the Dockerfile depends on what the others left in it.
 */
import type { Transform } from '../src/transform.ts';
import { addCacheMounts } from './add-cache-mounts/index.ts';
import { addDockerignore } from './add-dockerignore/index.ts';
import { addHealthcheck } from './add-healthcheck/index.ts';
import { addInit } from './add-init/index.ts';
import { addUser } from './add-user/index.ts';
import { copyManifestsFirst } from './copy-manifests-first/index.ts';
import { dropDevFiles } from './drop-dev-files/index.ts';
import { modernize } from './modernize/index.ts';
import { pinBase } from './pin-base/index.ts';
import { pinPackages } from './pin-packages/index.ts';
import { productionServer } from './production-server/index.ts';
import { setRuntimeEnv } from './set-runtime-env/index.ts';
import { splitStages } from './split-stages/index.ts';
import { swapBase } from './swap-base/index.ts';
import { tidyPackages } from './tidy-packages/index.ts';
import { useSecretMounts } from './use-secret-mounts/index.ts';

export const transforms: readonly Transform[] = [
  modernize,
  productionServer,
  useSecretMounts,
  pinBase,
  pinPackages,
  copyManifestsFirst,
  splitStages,
  swapBase,
  addInit,
  tidyPackages,
  addCacheMounts,
  setRuntimeEnv,
  addUser,
  addHealthcheck,
  addDockerignore,
  dropDevFiles,
];
