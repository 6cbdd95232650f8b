// @peculiar/x509 finds its algorithms through reflection, and says so when this is not there before it.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import * as z from 'zod';

/** A certificate and its private key, both PEM; the key is PKCS #8, not encrypted. */
export interface Certified {
  readonly certificate: string;
  readonly key: string;
}

/** Whom a certificate is for. */
export interface CertificateRequest {
  readonly commonName: string;
  /** Names in the subject beside the common one, as Kubernetes takes a client's groups. */
  readonly organizations?: readonly string[];
  /** DNS names that a server answers to. */
  readonly hosts?: readonly string[];
  /** Addresses that a server answers to. */
  readonly ips?: readonly string[];
  /** For a client to say who it is; otherwise for a server. */
  readonly client?: boolean;
}

/** Where certificates are kept, so that those who trusted them yesterday still do: a folder, and a name in it. */
export interface Kept {
  readonly directory: string;
  readonly name: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const YEAR = 365 * 24 * 3600 * 1000;
/** One that ends sooner than this is made anew. Milliseconds. */
const STILL_GOOD = 30 * 24 * 3600 * 1000;
const keptSchema = z.strictObject({ certificate: z.string(), key: z.string() });

x509.cryptoProvider.set(webcrypto);

/** An authority for samples and tests. Nothing outside of them trusts it. */
export const makeCa = (commonName: string, kept?: Kept): Promise<Certified> =>
  keep(kept, async () => {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: [{ CN: [commonName] }],
      keys,
      signingAlgorithm: ALGORITHM,
      ...validity(10),
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ],
    });
    return pemOf(certificate, keys.privateKey);
  });

/** A certificate by that authority. What is kept is made anew when the authority is another one. */
export const issue = (ca: Certified, request: CertificateRequest, kept?: Kept): Promise<Certified> =>
  keep(
    kept,
    async () => {
      const issuer = new x509.X509Certificate(ca.certificate);
      const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
      const { commonName, organizations = [], hosts = [], ips = [], client = false } = request;
      const names = [
        ...hosts.map((value) => ({ type: 'dns' as const, value })),
        ...ips.map((value) => ({ type: 'ip' as const, value })),
      ];
      const usage = client ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth;
      const certificate = await x509.X509CertificateGenerator.create({
        subject: [...organizations.map((O) => ({ O: [O] })), { CN: [commonName] }],
        issuer: issuer.subject,
        publicKey: keys.publicKey,
        signingKey: await privateKeyOf(ca),
        signingAlgorithm: ALGORITHM,
        ...validity(2),
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([usage]),
          ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
        ],
      });
      return pemOf(certificate, keys.privateKey);
    },
    async (certificate) =>
      certificate.verify({
        publicKey: await new x509.X509Certificate(ca.certificate).publicKey.export(),
        signatureOnly: true,
      }),
  );

/** From an hour ago on, since clocks differ. */
const validity = (years: number) => ({
  notBefore: new Date(Date.now() - 3_600_000),
  notAfter: new Date(Date.now() + years * YEAR),
});

const privateKeyOf = ({ key }: Certified) =>
  webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(key), ALGORITHM, false, ['sign']);

async function pemOf(certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Promise<Certified> {
  const raw = await webcrypto.subtle.exportKey('pkcs8', key);
  return { certificate: `${certificate.toString('pem')}\n`, key: `${x509.PemConverter.encode(raw, 'PRIVATE KEY')}\n` };
}

/** What is kept there and still good, or a new one, which is then kept. */
async function keep(
  kept: Kept | undefined,
  make: () => Promise<Certified>,
  isGood: (certificate: x509.X509Certificate) => Promise<boolean> = async () => true,
): Promise<Certified> {
  if (kept === undefined) return make();
  const file = join(kept.directory, `${kept.name}.json`);
  if (existsSync(file)) {
    const found = keptSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (found.success) {
      const certificate = new x509.X509Certificate(found.data.certificate);
      const lasts = certificate.notAfter.getTime() > Date.now() + STILL_GOOD;
      if (lasts && (await isGood(certificate))) return found.data;
    }
  }
  const made = await make();
  mkdirSync(kept.directory, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}
