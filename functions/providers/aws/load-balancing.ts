import type { Answer } from '../../domain/resource.ts';

/** A load balancer's scheme as an answer; a gateway load balancer has none. */
export function publicByScheme(scheme: string | undefined): Answer {
  if (scheme === 'internet-facing') return 'yes';
  return scheme === 'internal' ? 'no' : 'unknown';
}

/** Whether what those protocols carry is encrypted: of TCP, UDP and Geneve it is not known, they pass on what comes. */
export function encryptedByProtocols(protocols: readonly (string | undefined)[]): Answer {
  const words = protocols.map((one) => (one ?? '').toUpperCase());
  if (words.includes('HTTP')) return 'no';
  return words.length > 0 && words.every((one) => /^(HTTPS|SSL|TLS|QUIC)$/.test(one)) ? 'yes' : 'unknown';
}
