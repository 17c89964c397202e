/** What a compose service says about its containers: start commands, volumes, ports. */
import { isRecord } from './manifests.ts';
import { optional } from './use.ts';

/** What a compose service says about the containers that it runs. Texts are as written, without variables replaced. */
export interface ServiceFacts {
  readonly command?: string | readonly string[];
  readonly entrypoint?: string | readonly string[];
  /** Words, or a text for the shell; undefined also for NONE. */
  readonly healthcheck?: string | readonly string[];
  /** `./src:/app`: a host path (relative, absolute, ~) or the name of a volume; undefined for an anonymous one. */
  readonly volumes: readonly { readonly source: string | undefined; readonly target: string }[];
  readonly user?: string;
  readonly workdir?: string;
  /** Container ports of `ports` and `expose`, as written. */
  readonly ports: readonly string[];
}

/** `command: x y` or `[x, y]`; undefined: absent or null. */
function command(value: unknown): string | readonly string[] | undefined {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value : undefined;
}

/** `test: ["CMD", "curl", ..]`, `["CMD-SHELL", "curl .."]` or a text for the shell. */
function healthTest(value: unknown): string | readonly string[] | undefined {
  const test = command(isRecord(value) ? value.test : undefined);
  if (typeof test === 'string' || test === undefined) return test;
  const [kind, ...words] = test;
  return kind === 'CMD' ? words : kind === 'CMD-SHELL' ? words.join(' ') : undefined;
}

function volume(value: unknown): ServiceFacts['volumes'][number] | undefined {
  if (isRecord(value)) {
    const target = value.target;
    return typeof target === 'string' && value.type !== 'tmpfs'
      ? { source: typeof value.source === 'string' ? value.source : undefined, target }
      : undefined;
  }
  if (typeof value !== 'string') return undefined;
  // `${HOME:-~}/x:/y:ro`: a colon inside of braces separates nothing
  const parts = value
    .replace(/\$\{[^}]*\}/g, (it) => it.replaceAll(':', '\0'))
    .split(':')
    .map((it) => it.replaceAll('\0', ':'));
  const [first = '', second] = parts;
  return second === undefined ? { source: undefined, target: first } : { source: first, target: second };
}

/** Container side of `8080:80`, `127.0.0.1:8080:80/tcp`, `{ target: 80 }`, `80`. */
function port(value: unknown): string | undefined {
  if (isRecord(value)) return value.target === undefined ? undefined : String(value.target);
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
        .split(':')
        .at(-1)
        ?.replace(/\/\w+$/, '')
    : undefined;
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Reads the fields of a service that tell how its containers run. */
export function serviceFacts(service: Record<string, unknown>): ServiceFacts {
  return {
    ...optional({
      command: command(service.command),
      entrypoint: command(service.entrypoint),
      healthcheck: healthTest(service.healthcheck),
      user: service.user === undefined ? undefined : String(service.user),
      workdir: typeof service.working_dir === 'string' ? service.working_dir : undefined,
    }),
    volumes: list(service.volumes).flatMap((it) => volume(it) ?? []),
    ports: [...list(service.ports), ...list(service.expose)].flatMap((it) => port(it) ?? []),
  };
}

/** `environment:` as a map; a name without a value comes from the shell of whoever starts it. */
export function environmentOf(fields: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const { environment } = fields;
  const entries = Array.isArray(environment)
    ? environment.map((it): [string, string] => {
        const [name = '', ...value] = String(it).split('=');
        return [name.trim(), value.join('=')];
      })
    : isRecord(environment)
      ? Object.entries(environment).map(([name, value]): [string, string] => [name, String(value ?? '')])
      : [];
  return new Map(entries);
}

/**
 * The words of a compose `command:` that is written as one text. Compose splits it and asks no shell, so that an ENTRYPOINT
 * gets the words; `a && b` is read as what was meant, and so is the command of an image without an ENTRYPOINT.
 */
export function commandWords(text: string, hasEntrypoint: boolean): readonly string[] {
  if (!hasEntrypoint || /[&|;<>`()]/.test(text)) return ['sh', '-c', text];
  return (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
}
