import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { BUNDLING, partsOptions } from '../../lib/bundling.ts';

/** The repository: paths in a metafile are relative to it. */
export const PROJECT = join(import.meta.dirname, '../..');

/** What `lib/service-function.ts` has the CDK call esbuild with. */
const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: BUNDLING.target,
  mainFields: [...BUNDLING.mainFields],
  minify: true,
  sourcemap: false,
  logLevel: 'warning',
  banner: { js: BUNDLING.banner },
} satisfies BuildOptions;

/** A bundle on disk. */
export interface Bundle {
  readonly file: string;
  readonly bytes: number;
  /** Module (path from the project's folder) -> bytes that it has in the bundle; those shaken off are not there. */
  readonly modules: Readonly<Record<string, number>>;
}

/** Bundles a module of the project as the stack does. @throws BuildFailure of esbuild */
export function bundleEntry(entry: string, file: string): Promise<Bundle> {
  return bundled({ entryPoints: [join(PROJECT, entry)], alias: BUNDLING.alias }, file);
}

/** Bundles a module in parts, as the stack does for what loads collectors as needed. @param folder an empty one. */
export async function bundleParts(entry: string, folder: string): Promise<Bundle> {
  const options = {
    ...partsOptions(join(PROJECT, entry)),
    absWorkingDir: PROJECT,
    outdir: folder,
    metafile: true,
  } as const;
  const { metafile } = await build(options);
  const outputs = Object.values(metafile.outputs);
  const modules: Record<string, number> = {};
  for (const [path, bytes] of outputs.flatMap((output) => Object.entries(inOutput(output)))) {
    modules[path] = (modules[path] ?? 0) + bytes;
  }
  return { file: join(folder, 'index.mjs'), bytes: outputs.reduce((n, { bytes }) => n + bytes, 0), modules };
}

/**
 * Bundles a source that is in no file, as if it lay in the project's folder, with the packages as they are: what anybody
 * would get of them. @throws BuildFailure of esbuild
 */
export function bundleSource(contents: string, file: string): Promise<Bundle> {
  return bundled({ stdin: { contents, resolveDir: PROJECT, loader: 'js' } }, file);
}

async function bundled(input: BuildOptions, file: string): Promise<Bundle> {
  const { metafile } = await build({ ...OPTIONS, ...input, absWorkingDir: PROJECT, outfile: file, metafile: true });
  const [output] = Object.values(metafile.outputs);
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${file}.`);
  return { file, bytes: output.bytes, modules: inOutput(output) };
}

function inOutput({ inputs }: Metafile['outputs'][string]): Record<string, number> {
  const present = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return Object.fromEntries(present.map(([path, { bytesInOutput }]) => [path, bytesInOutput]));
}

/** The packages by which clouds are called. */
const SDKS = [
  '@aws-sdk/',
  '@azure/identity',
  '@azure/core-rest-pipeline',
  'google-auth-library',
  '@google-cloud/bigquery',
  '@kubernetes/client-node',
  'undici',
  'yaml',
] as const;
const SDK = SDKS.map((name) => name.replaceAll('/', '\\/')).join('|');
const SDK_IMPORT = new RegExp(`^import \\{([^}]*)\\} from "((?:${SDK})[^"]*)";$`, 'gm');
const SDK_OTHERWISE = new RegExp(`(?:from|import|require)[ (]*"(?:${SDK})`);

/**
 * The names that a function uses of the clouds' SDKs, by package: what is left of its imports once everything that it does
 * not reach is shaken off. A collector's facts, say, bring none of the SDK that the rest of that file imports.
 * @throws Error where the bundle imports from the SDK in a form that is not read here.
 */
export async function sdkImports(entry: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: [join(PROJECT, entry)],
    absWorkingDir: PROJECT,
    external: SDKS.map((name) => (name.endsWith('/') ? `${name}*` : name)),
    // Shaken as it is deployed, but with whole names to look for.
    minify: false,
    minifySyntax: true,
    legalComments: 'none',
    write: false,
  });
  const code = outputFiles.map(({ text }) => text).join('\n');
  const body = code.replaceAll(SDK_IMPORT, '');
  // Any other form would be left out of the comparison, for us or against us.
  if (SDK_OTHERWISE.test(body)) throw new Error(`${entry} imports from the SDK in a new form.`);
  const packages = new Map<string, Set<string>>();
  for (const [, list = '', from = ''] of code.matchAll(SDK_IMPORT)) {
    for (const one of list.split(',')) {
      const [name = '', local = name] = one.trim().split(' as ');
      // esbuild leaves every name in an import that stays, used or not.
      const isUsed = new RegExp(`(?<![\\w$.])${local.replaceAll('$', '\\$')}(?![\\w$])`).test(body);
      if (isUsed) packages.set(from, (packages.get(from) ?? new Set()).add(name));
    }
  }
  return packages;
}

/** A source that exports exactly these names, numbered where two packages use the same one, and nothing else. */
export function reexport(packages: ReadonlyMap<string, ReadonlySet<string>>): string {
  return [...packages]
    .map(
      ([from, names], n) =>
        `export { ${[...names].map((name) => `${name} as ${name}${n}`).join(', ')} } from '${from}';`,
    )
    .join('\n');
}

/** The npm package a module belongs to; `own` for ours. */
export function packageOf(path: string): string {
  const last = path.split('node_modules/').at(-1) ?? '';
  if (!path.includes('node_modules/')) return 'own';
  const [scope = '', name = ''] = last.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/** The heaviest packages of a bundle that the other has less of: what ours adds. In bytes, heaviest first. */
export function heaviest(bundle: Bundle, besides?: Bundle): readonly (readonly [string, number])[] {
  const weights = weightsOf(bundle);
  for (const [name, bytes] of besides === undefined ? [] : weightsOf(besides)) {
    weights.set(name, (weights.get(name) ?? 0) - bytes);
  }
  return [...weights].sort(([, a], [, b]) => b - a);
}

function weightsOf({ modules }: Bundle): Map<string, number> {
  const weights = new Map<string, number>();
  for (const [path, bytes] of Object.entries(modules)) {
    weights.set(packageOf(path), (weights.get(packageOf(path)) ?? 0) + bytes);
  }
  return weights;
}
