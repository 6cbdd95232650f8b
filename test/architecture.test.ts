import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { routes } from '../functions/http/routes.ts';
import { clouds } from '../functions/providers/registered.ts';
import { links } from '../functions/runtime/links.ts';
import { stages } from '../functions/sync/stages.ts';

const root = resolve(import.meta.dirname, '..');

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const code = (file: string): string => read(file).replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');

/** What a file imports: other files of ours by their path, packages by name. */
function importsOf(file: string): string[] {
  return [...code(file).matchAll(/(?:from|import)\s*\(?\s*['"`]([^'"`]+)['"`]/g)].flatMap(([, target]) => {
    if (target === undefined) return [];
    return target.startsWith('.') ? [relative(root, resolve(root, dirname(file), target))] : [target];
  });
}

const all = [...sources('bin'), ...sources('lib'), ...sources('functions')];
const isPackage = (target: string): boolean => !/^(bin|lib|functions|test)\//.test(target);

describe('import arrows', () => {
  /** Folder of `functions/` -> folders of `functions/` it may import from. */
  const arrows: Record<string, readonly string[]> = {
    domain: ['domain', 'runtime/secret.ts'],
    runtime: ['runtime', 'domain'],
    adapters: ['adapters', 'domain', 'runtime'],
    providers: ['providers', 'domain', 'runtime'],
    http: ['http', 'adapters', 'domain', 'providers', 'runtime'],
    sync: ['sync', 'adapters', 'domain', 'providers', 'runtime'],
    deploy: ['deploy', 'adapters', 'domain', 'runtime'],
  };
  for (const [folder, allowed] of Object.entries(arrows)) {
    test(`functions/${folder} imports only from ${allowed.join(', ')}`, () => {
      const wrong = sources(`functions/${folder}`)
        .filter((file) => !file.endsWith('.lambda.ts'))
        .flatMap((file) =>
          importsOf(file)
            .filter((target) => !isPackage(target))
            .filter((target) => !allowed.some((one) => target.startsWith(`functions/${one}`)))
            .map((target) => `${file} -> ${target}`),
        );
      expect(wrong).toEqual([]);
    });
  }

  test('the domain knows no SDK, no middy and no Lambda', () => {
    const allowed = /^(node:|zod$)/;
    const wrong = sources('functions/domain').flatMap((file) =>
      importsOf(file)
        .filter((target) => isPackage(target) && !allowed.test(target))
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('infrastructure imports from functions only the tables that both sides share', () => {
    const tables = [
      'functions/http/routes.ts',
      'functions/sync/stages.ts',
      'functions/runtime/links.ts',
      'functions/runtime/capabilities.ts',
      'functions/runtime/settings.ts',
      'functions/providers/registered.ts',
      'functions/domain/log.ts',
    ];
    const wrong = sources('lib').flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith('functions/') && !tables.includes(target))
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('nothing that is deployed imports the local twin or the tests', () => {
    const wrong = [...sources('functions'), ...sources('lib').filter((file) => !file.startsWith('lib/local/'))].flatMap(
      (file) =>
        importsOf(file)
          .filter((target) => target.startsWith('lib/local/') || target.startsWith('test/'))
          .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('no cloud imports another', () => {
    const names = Object.keys(clouds);
    const wrong = names.flatMap((name) =>
      sources(`functions/providers/${name}`).flatMap((file) =>
        importsOf(file).filter((target) =>
          names.some((other) => other !== name && target.startsWith(`functions/providers/${other}/`)),
        ),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe('registries', () => {
  const filesIn = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name.replace(/\.ts$/, ''));

  test('every file in http/ is a registered endpoint, and the reverse', () => {
    const files = filesIn('functions/http').filter((name) => !['routes', 'endpoint'].includes(name));
    expect(files.sort()).toEqual(
      Object.values(routes)
        .map((route) => route.file)
        .sort(),
    );
  });

  test('every file in sync/ is a registered stage, and the reverse', () => {
    const makers = ['stages', 'queue-handler', 'schedule-handler'];
    const files = filesIn('functions/sync').filter((name) => !makers.includes(name));
    const registered = Object.values(stages).map((stage) => ('perCloud' in stage ? `${stage.file}-task` : stage.file));
    expect(files.sort()).toEqual(registered.sort());
  });

  test('every folder in providers/ is a registered cloud with the same files, and the reverse', () => {
    const folders = readdirSync(join(root, 'functions/providers'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(folders.sort()).toEqual(Object.keys(clouds).sort());
    // `scopes` only where an account has to be asked for them, `costs` only where it bills.
    const form = ['collect.lambda', 'connect.lambda', 'credentials', 'facts', 'prove', 'session'];
    for (const folder of folders)
      expect(filesIn(`functions/providers/${folder}`)).toEqual(expect.arrayContaining(form));
  });
});

describe('rules', () => {
  const offenders = (pattern: RegExp, files: readonly string[]): string[] =>
    files.flatMap((file) =>
      code(file)
        .split('\n')
        .filter((line) => pattern.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );

  test('the environment is read in one file, and by the programs a person runs', () => {
    const files = all.filter((file) => file !== 'functions/runtime/settings.ts' && !file.startsWith('bin/'));
    expect(offenders(/process\.env/, files)).toEqual([]);
  });

  test("no environment variable's name is typed twice", () => {
    const files = all.filter((file) => file !== 'functions/runtime/links.ts');
    const names = Object.values(links).map((link) => link.env);
    expect(offenders(new RegExp(`\\b(${names.join('|')})\\b`), files)).toEqual([]);
  });

  test('only one module makes table keys', () => {
    const files = sources('functions').filter((file) => file !== 'functions/domain/keys.ts');
    expect(offenders(/['"`](T#|PROVIDER#|JOB#|PLAN#|TASK#|SCAN#|DUE#|ACCOUNT#|IDEM#|SEQ['"`])/, files)).toEqual([]);
  });

  test('nobody asks which cloud it is outside the folder of that cloud', () => {
    const files = sources('functions').filter((file) => !file.startsWith('functions/providers/'));
    const names = Object.keys(clouds).join('|');
    expect(offenders(new RegExp(`(case|===|!==)\\s*['"](${names})['"]`), files)).toEqual([]);
  });

  test('no type is forced: no `as` but `as const`, no `any`, no `!`', () => {
    const cast =
      /(?<![\w*{,])\s+as\s+(?!const\b)[A-Za-z{[(]|[^\w]any[;,)>\]]|: any\b|\w!\.|@ts-(ignore|expect-error)|biome-ignore/;
    const wrong = offenders(cast, all).filter((line) => !/(import|export)\b/.test(line));
    expect(wrong).toEqual([]);
  });

  test('our own modules are never mocked', () => {
    expect(
      offenders(
        /vi\.(mock|doMock)\(/,
        sources('test').filter((file) => !file.endsWith('architecture.test.ts')),
      ),
    ).toEqual([]);
  });
});
