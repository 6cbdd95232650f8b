import type { SampleAccount } from './accounts.ts';
import type { Service } from './services/operation.ts';
import { SampleError } from './services/operation.ts';
import { type Credential, checkSignature, type Signed } from './signature.ts';

/**
 * Whose request it is. A key that nobody has and a region that the account has not enabled are refused in the same
 * words, as at AWS. @throws SampleError
 */
export function admit(
  request: Signed,
  credential: Credential,
  service: Service,
  accounts: readonly SampleAccount[],
  regions: readonly string[],
): SampleAccount {
  const account = accounts.find((one) => one.accessKeyId === credential.accessKeyId);
  const enabled = service.global ? ['us-east-1'] : regions;
  const { unknownKey, wrongSignature } = service;
  const token = request.headers['x-amz-security-token'];
  if (account === undefined || token !== undefined || !enabled.includes(credential.region)) {
    throw new SampleError(unknownKey.status, unknownKey.code, 'The security token included in the request is invalid.');
  }
  const verdict = checkSignature(request, credential, account.secretAccessKey, Date.now());
  if (verdict === 'skewed') {
    const code = service.name === 's3' ? 'RequestTimeTooSkewed' : wrongSignature.code;
    throw new SampleError(wrongSignature.status, code, 'Signature expired: the request is too old.');
  }
  if (verdict === 'wrong') {
    const text = 'The request signature we calculated does not match the signature you provided.';
    throw new SampleError(wrongSignature.status, wrongSignature.code, text);
  }
  return account;
}
