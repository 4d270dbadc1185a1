import type { InfoFacts, InfoOrigin } from './facts.ts';

/** parseInfo reads an `.info` file: JSON with the version, its time and, from `direct`, where it came from. `cmd/go/internal/modfetch: RevInfo, go1.26` */
export function parseInfo(text: string, version: string): InfoFacts {
  let info: unknown;
  try {
    info = JSON.parse(text);
  } catch {
    return { state: 'malformed', why: text.trim() === '' ? 'it is empty' : 'it is no JSON' };
  }
  const told = fieldOf(info, 'Version');
  if (told === undefined) return { state: 'malformed', why: 'it names no version' };
  if (told !== version) return { state: 'malformed', why: `it is of version ${told}` };
  return { state: 'read', origin: originOf((info as { readonly Origin?: unknown }).Origin) };
}

function originOf(origin: unknown): InfoOrigin | undefined {
  if (typeof origin !== 'object' || origin === null) return undefined;
  return {
    vcs: fieldOf(origin, 'VCS'),
    url: fieldOf(origin, 'URL'),
    ref: fieldOf(origin, 'Ref'),
    hash: fieldOf(origin, 'Hash'),
  };
}

function fieldOf(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined;
  const field = (value as Readonly<Record<string, unknown>>)[name];
  return typeof field === 'string' && field !== '' ? field : undefined;
}
