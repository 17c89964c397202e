/** What `image inspect` and `container inspect` of docker and podman say, as our facts. */
import type { ContainerFacts, Healthcheck, ImageFacts } from '../engine.ts';

type Json = Record<string, unknown>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isJson(value) ? value : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : [];

/** Nanoseconds as seconds; 0 stands for the default. */
const seconds = (value: unknown): number | undefined => (number(value) > 0 ? number(value) / 1e9 : undefined);

function healthcheckOf(value: unknown): Healthcheck | undefined {
  const fields = object(value);
  const test = texts(fields.Test);
  if (test.length === 0 || test[0] === 'NONE') return undefined;
  return {
    test,
    interval: seconds(fields.Interval),
    timeout: seconds(fields.Timeout),
    startPeriod: seconds(fields.StartPeriod),
    startInterval: seconds(fields.StartInterval),
    retries: number(fields.Retries) > 0 ? number(fields.Retries) : undefined,
  };
}

/** The configuration part, which docker, podman and buildah spell alike. */
export function configFacts(config: Json, healthcheck: unknown): Omit<ImageFacts, 'id' | 'size' | 'layers'> {
  return {
    user: text(config.User),
    ports: Object.keys(object(config.ExposedPorts)).sort(),
    healthcheck: healthcheckOf(healthcheck),
    entrypoint: texts(config.Entrypoint),
    command: texts(config.Cmd),
    workdir: text(config.WorkingDir),
    volumes: Object.keys(object(config.Volumes)).sort(),
    stopSignal: text(config.StopSignal) || undefined,
    labels: Object.fromEntries(Object.entries(object(config.Labels)).map(([key, value]) => [key, String(value)])),
  };
}

/** One entry of `image inspect`. */
export function imageFacts(value: unknown): ImageFacts {
  const image = object(value);
  const config = object(image.Config);
  return {
    id: text(image.Id),
    size: number(image.Size),
    layers: texts(object(image.RootFS).Layers).length,
    // podman has it beside the configuration
    ...configFacts(config, config.Healthcheck ?? image.HealthCheck ?? image.Healthcheck),
  };
}

const STATUSES = ['created', 'running', 'paused', 'restarting', 'exited', 'dead'] as const;
const HEALTHS = ['starting', 'healthy', 'unhealthy'] as const;

/** One entry of `container inspect`. */
export function containerFacts(value: unknown): ContainerFacts {
  const container = object(value);
  const state = object(container.State);
  const health = object(state.Health ?? state.Healthcheck);
  const network = object(container.NetworkSettings);
  const log = Array.isArray(health.Log) ? object(health.Log.at(-1)) : {};
  const status = STATUSES.find((one) => one === (state.Status === 'configured' ? 'created' : state.Status));
  return {
    status: status ?? 'unknown',
    exitCode: status === 'exited' || status === 'dead' ? number(state.ExitCode) : undefined,
    oomKilled: state.OOMKilled === true,
    health: HEALTHS.find((one) => one === health.Status),
    healthLog: text(log.Output).trim() || undefined,
    pid: number(state.Pid),
    ports: Object.fromEntries(
      Object.entries(object(network.Ports)).map(([port, bindings]) => {
        const first = object(Array.isArray(bindings) ? bindings[0] : undefined);
        const taken = Number(text(first.HostPort));
        return [port, taken > 0 ? { address: text(first.HostIp) || '0.0.0.0', port: taken } : undefined];
      }),
    ),
    addresses: Object.fromEntries(
      Object.entries(object(network.Networks))
        .map(([name, one]) => [name, text(object(one).IPAddress)] as const)
        .filter(([, address]) => address !== ''),
    ),
  };
}
