/** The headers of a page: where the next one is, and how many there are where that is known. */
export function pageHeaders(
  url: { readonly path: string; readonly query: URLSearchParams },
  next: string | undefined,
  total: number | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (total !== undefined) headers['x-total-count'] = String(total);
  if (next !== undefined) {
    const query = new URLSearchParams(url.query);
    query.set('cursor', next);
    headers.link = `<${url.path}?${query}>; rel="next"`;
  }
  return headers;
}
