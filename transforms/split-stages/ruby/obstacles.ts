/** What speaks against taking gems over from another stage. */
import { COMPILES_AT_RUN_TIME, COMPILING_SERVERS, RUBY_SERVER } from '../../../src/knowledge/ruby-libraries.ts';
import { codeMount, servicesOf } from '../../../src/project/development.ts';
import { placeText } from '../../../src/project/manifests.ts';
import { invocation } from '../../../src/shell/invocation.ts';
import { compilerAtRunTime } from '../programs.ts';
import type { Obstacle, View } from '../types.ts';
import type { Gems } from './gems.ts';

/** The first obstacle; undefined: none was found. */
export function obstacleOf(view: View, gems: Gems): Obstacle | undefined {
  return workshop(view) ?? replacesRubyGems(view) ?? compiles(view, gems) ?? installsAtStart(view);
}

/** An image that holds the gems alone, for work on a mounted source: the next `bundle add` compiles in its containers. */
function workshop({ runtime, project, stage }: View): Obstacle | undefined {
  if (runtime.files.sources.some(({ kind }) => kind === 'dir')) return undefined;
  for (const service of servicesOf(project, stage)) {
    const mount = codeMount(project, service, stage.end.workdir);
    if (mount)
      return {
        code: 'development',
        why: `no source is copied: ${mount.file}:${mount.line} mounts it (${mount.says})`,
      };
  }
  return undefined;
}

/** gem update --system writes beside the interpreter. */
function replacesRubyGems({ steps }: View): Obstacle | undefined {
  const task = steps
    .flatMap(({ tasks }) => tasks)
    .find(({ call, command }) => call?.manager === 'gem' && command.has('--system'));
  const why = 'gem update --system replaces RubyGems itself, which is in no folder of gems';
  return task && { code: 'outside-packages', why, at: task.command };
}

function compiles(view: View, { names }: Gems): Obstacle | undefined {
  const started = compilerAtRunTime(view);
  if (started) return { code: 'builds-at-run-time', why: `${placeText(started)} starts ${started.program}` };
  const { starts, scripts } = view.runtime;
  const servers = [...starts, ...scripts].flatMap(({ text }) => RUBY_SERVER.exec(text)?.[0] ?? []);
  // a server that no start command names is started by `rails server` when it is there
  const mayStart = (server: string) => servers.length === 0 || servers.includes(server);
  const name = [...names.keys()].find(
    (it) => COMPILES_AT_RUN_TIME.has(it) || (COMPILING_SERVERS.has(it) && mayStart(it)),
  );
  return name === undefined
    ? undefined
    : { code: 'builds-at-run-time', why: `${name} compiles a part of itself when it starts` };
}

/** `bundle check || bundle install` in an entrypoint would compile in a stage without compilers. */
function installsAtStart({ runtime }: View): Obstacle | undefined {
  for (const { path, commands } of runtime.scripts) {
    const call = commands?.map(invocation).find((it) => it?.action === 'install' || it?.action === 'upgrade');
    if (call) return { code: 'installs-at-start', why: `${path} runs ${call.program} ${call.verb}` };
  }
  const start = runtime.starts.find(({ text }) => /\b(?:bundle|gem) (?:install|update)\b/.test(text));
  return start && { code: 'installs-at-start', why: `${placeText(start)} installs gems` };
}
