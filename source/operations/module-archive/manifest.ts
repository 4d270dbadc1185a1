import { isH1 } from '../../checksums/h1.ts';
import { checkModulePath } from '../../go/module-path.ts';
import { isSemver } from '../../go/semver.ts';
import { isRecord } from '../offline/listed.ts';

/** ArchivedModule is a module version in an archive, with its sums. */
export type ArchivedModule = {
  readonly path: string;
  readonly version: string;
  /** zip is the h1 of the zip; undefined where only its go.mod is needed. */
  readonly zip: string | undefined;
  readonly mod: string;
  /** bytes of the zip, 0 without one. */
  readonly bytes: number;
};

/** Manifest says what an archive holds and what it was made for. */
export type Manifest = {
  readonly mainModules: readonly string[];
  readonly platforms: readonly string[];
  readonly hasTests: boolean;
  readonly hasTools: boolean;
  readonly go: string;
  readonly modules: readonly ArchivedModule[];
};

/** manifestName is the file in the archive's folder. */
export const manifestName = 'manifest.json';

const schema = 'gocachetop.archive/1';

/** writeManifest gives the text of a manifest. */
export function writeManifest({ modules, hasTests, hasTools, ...rest }: Manifest): string {
  const listed = modules.map(({ path, version, zip, mod, bytes }) => ({
    module: path,
    version,
    zip: zip ?? null,
    mod,
    bytes,
  }));
  return `${JSON.stringify({ schema, ...rest, tests: hasTests, tools: hasTools, modules: listed }, undefined, 1)}\n`;
}

/** readManifest reads one; a text is what is wrong with it. Paths and versions are checked, since files are named after them. */
export function readManifest(text: string): Manifest | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'not JSON';
  }
  if (!isRecord(value) || value.schema !== schema) return `its schema is not ${schema}`;
  if (!Array.isArray(value.modules)) return 'it lists no modules';
  const modules: ArchivedModule[] = [];
  for (const each of value.modules as readonly unknown[]) {
    const module = readModule(each);
    if (typeof module === 'string') return module;
    modules.push(module);
  }
  return {
    mainModules: textsIn(value.mainModules),
    platforms: textsIn(value.platforms),
    hasTests: value.tests === true,
    hasTools: value.tools === true,
    go: typeof value.go === 'string' ? value.go : '',
    modules,
  };
}

function readModule(value: unknown): ArchivedModule | string {
  if (!isRecord(value)) return 'a module that is no object';
  const { module: path, version, mod, bytes } = value;
  const zip = value.zip ?? undefined;
  if (typeof path !== 'string' || typeof version !== 'string') return 'a module without path or version';
  const fault = checkModulePath(path);
  if (fault !== undefined) return `malformed module path ${JSON.stringify(path)}: ${fault}`;
  if (!isSemver(version)) return `${path}: malformed version ${JSON.stringify(version)}`;
  if (typeof mod !== 'string' || !isH1(mod)) return `${path}@${version}: no h1 of its go.mod`;
  if (zip !== undefined && (typeof zip !== 'string' || !isH1(zip)))
    return `${path}@${version}: no h1 of its zip`;
  return { path, version, zip, mod, bytes: typeof bytes === 'number' ? bytes : 0 };
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
