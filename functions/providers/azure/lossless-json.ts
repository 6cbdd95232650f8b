/**
 * JSON with every number as the text that stands for it: `JSON.parse` would round it to a float. Outside of texts,
 * nothing but a number begins with a digit or a minus sign.
 */
export const quoteNumbers = (json: string): string =>
  json.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) =>
    part.startsWith('"') ? part : `"${part}"`,
  );
