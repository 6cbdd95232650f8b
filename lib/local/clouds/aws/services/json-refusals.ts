/** Services of the JSON protocols refuse alike, but for the odd one. */
export const jsonRefusals = {
  protocol: 'json',
  namespace: '',
  global: false,
  throttle: { status: 400, code: 'ThrottlingException' },
  denied: { status: 400, code: 'AccessDeniedException' },
  unknownKey: { status: 400, code: 'UnrecognizedClientException' },
  wrongSignature: { status: 400, code: 'InvalidSignatureException' },
} as const;
