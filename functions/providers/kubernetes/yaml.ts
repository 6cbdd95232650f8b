import { CST, Lexer, parseDocument } from 'yaml';

/** A text is not the plain, small YAML that is taken. The message names the rule and nothing of the text. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
}

/** Bytes; a kubeconfig of one cluster has 6 to 10 KB. */
const LARGEST = 64 * 1024;
/** Flow collections in one another, indicators of compact ones on one line, and spaces before one. */
const DEEPEST_FLOW = 16;
const MOST_INDICATORS = 8;
const DEEPEST_INDENT = 64;
/** A line has about eight, and one cluster with its context and user twenty lines. */
const MOST_TOKENS = 8000;

const CONTROL = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Reads one YAML document of the core schema, without anchors, aliases, tags or directives. The tokens are looked at
 * first: they come without recursion, so that a text made to be deep or long to work on costs nothing.
 * @throws YamlError
 */
export function readYaml(text: string): unknown {
  if (Buffer.byteLength(text) > LARGEST) throw new YamlError('must have 64 KB at most');
  if (CONTROL.test(text)) throw new YamlError('must be text without control characters');
  checkTokens(text);
  try {
    const document = parseDocument(text, {
      schema: 'core',
      version: '1.2',
      merge: false,
      strict: true,
      uniqueKeys: true,
      stringKeys: true,
      resolveKnownTags: false,
      prettyErrors: false,
      // With `silent` it would not mind a second document.
      logLevel: 'error',
    });
    const [error] = document.errors;
    if (error !== undefined) throw new YamlError(ruleOf(error.code));
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    // Other errors may quote the text.
    if (error instanceof YamlError) throw error;
    throw new YamlError('must be YAML');
  }
}

function ruleOf(code: string): string {
  if (code === 'MULTIPLE_DOCS') return 'must be one document';
  return code === 'DUPLICATE_KEY' ? 'must not have the same key twice' : 'must be YAML';
}

function checkTokens(text: string): void {
  let [flow, indicators, tokens, lineStart, scalar] = [0, 0, 0, true, false];
  for (const token of new Lexer().lex(text)) {
    // A plain scalar is announced by a mark, and then stands as it is.
    const type = scalar ? 'scalar' : CST.tokenType(token);
    scalar = !scalar && token === CST.SCALAR;
    if (type === 'anchor' || type === 'alias') throw new YamlError('must not have anchors or aliases');
    if (type === 'tag' || type === 'directive-line') throw new YamlError('must not have tags or directives');
    if (type === 'flow-map-start' || type === 'flow-seq-start') flow += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') flow -= 1;
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') indicators += 1;
    const indented = lineStart && type === 'space' && token.length > DEEPEST_INDENT;
    if (flow > DEEPEST_FLOW || indicators > MOST_INDICATORS || indented) throw new YamlError('must not be that deep');
    tokens += 1;
    if (tokens > MOST_TOKENS) throw new YamlError('must not have that many parts');
    lineStart = type === 'newline';
    if (lineStart) indicators = 0;
  }
}
