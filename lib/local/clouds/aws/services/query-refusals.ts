/** The query protocol's services refuse alike. */
export const queryRefusals = {
  protocol: 'query',
  global: false,
  throttle: { status: 400, code: 'Throttling' },
  denied: { status: 403, code: 'AccessDenied' },
  unknownKey: { status: 403, code: 'InvalidClientTokenId' },
  wrongSignature: { status: 403, code: 'SignatureDoesNotMatch' },
} as const;
