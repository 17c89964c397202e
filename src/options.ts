/** Names and values as users write them: transforms, levels, options. All that is wrong throws a UsageError that offers the nearest name. */
import { LEVELS } from './edit.ts';
import { UsageError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import type { OptionSpec, Transform } from './transform.ts';

/** The highest level that is taken; `manual` is advice and never taken. */
export type SettingsLevel = 'safe' | 'review' | 'risky';

const LEVEL_NAMES: readonly string[] = LEVELS.filter((level) => level !== 'manual');
/** One option of one transform that was set. */
export interface SetOption {
  readonly transform: string;
  readonly key: string;
  readonly value: string | boolean;
}

/** @throws UsageError with the nearest name */
export function checkName(name: string, transforms: readonly Transform[]): Transform {
  const found = transforms.find((transform) => transform.name === name);
  if (found) return found;
  throw new UsageError(
    `unknown transform "${name}"${didYouMean(
      name,
      transforms.map((transform) => transform.name),
    )}`,
  );
}

export function checkLevel(value: string): SettingsLevel {
  if (LEVEL_NAMES.includes(value)) return value as SettingsLevel;
  throw new UsageError(
    `unknown level "${value}"${didYouMean(value, LEVEL_NAMES) || `; it is one of ${LEVEL_NAMES.join(', ')}`}`,
  );
}

function checkValue(name: string, spec: OptionSpec, value: string): string | boolean {
  if (spec.kind === 'string') return value;
  if (spec.kind === 'boolean') {
    if (value === 'true' || value === 'false') return value === 'true';
    throw new UsageError(`${name} is true or false, not "${value}"`);
  }
  if (spec.choices.includes(value)) return value;
  throw new UsageError(
    `${name} cannot be "${value}"${didYouMean(value, spec.choices) || `; it is one of ${spec.choices.join(', ')}`}`,
  );
}

function checkOption(transform: string, key: string, value: string, transforms: readonly Transform[]): SetOption {
  const { options } = checkName(transform, transforms);
  const spec = Object.hasOwn(options, key) ? options[key] : undefined;
  if (spec) return { transform, key, value: checkValue(`${transform}.${key}`, spec, value) };
  const keys = Object.keys(options);
  const tail = keys.length === 0 ? '; it has none' : didYouMean(key, keys) || `; it has ${keys.join(', ')}`;
  throw new UsageError(`${transform} has no option "${key}"${tail}`);
}

/**
 * Reads `transform.key=value`; `transform.key` alone sets a boolean option to true.
 * @throws UsageError: another form, an unknown name, a value that the option does not take.
 */
export function parseSet(text: string, transforms: readonly Transform[]): SetOption {
  const parts = /^([^.=]+)\.([^.=]+)(?:=([\s\S]*))?$/.exec(text);
  if (!parts) throw new UsageError(`"${text}" is not of the form transform.key=value`);
  return checkOption(parts[1] as string, parts[2] as string, parts[3] ?? 'true', transforms);
}
