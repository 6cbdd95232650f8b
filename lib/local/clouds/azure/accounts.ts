/** A service principal of the sample cloud, with its client secret and the one subscription that it has a role at. */
export interface SamplePrincipal {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionId: string;
  readonly subscriptionName: string;
  readonly currency: string;
  readonly seed: number;
  /** Its inventory's size next to the main one's. */
  readonly scale: number;
  /** Its client secret is past its end. */
  readonly expired?: boolean;
}

/** Connected by `npm start`. */
export const MAIN_PRINCIPAL: SamplePrincipal = {
  tenantId: '5a3c1d2e-0a0b-4c0d-8e0f-1a2b3c4d5e6f',
  clientId: '7b1f2a3c-1111-4222-8333-444455556666',
  clientSecret: 'sample~Main.ClientSecret_notReal-000001x',
  subscriptionId: '9d2e3f40-2222-4333-8444-555566667777',
  subscriptionName: 'Sample Production',
  currency: 'EUR',
  seed: 1,
  scale: 1,
};

/** The contract's own example; not connected by itself. Its subscription is another tenant's than the main one. */
export const EXAMPLE_PRINCIPAL: SamplePrincipal = {
  tenantId: '00000000-0000-0000-0000-000000000002',
  clientId: '00000000-0000-0000-0000-000000000001',
  clientSecret: 'your-client-secret',
  subscriptionId: '00000000-0000-0000-0000-000000000003',
  subscriptionName: 'Example',
  currency: 'USD',
  seed: 2,
  scale: 0.3,
};

/** Of the main tenant, with a secret that has ended. */
export const EXPIRED_PRINCIPAL: SamplePrincipal = {
  ...MAIN_PRINCIPAL,
  clientId: '7b1f2a3c-9999-4222-8333-444455556666',
  clientSecret: 'sample~Expired.ClientSecret_notReal-0001',
  expired: true,
};

/** The connect body of a principal, without its name. */
export const bodyOf = ({ clientId, clientSecret, tenantId, subscriptionId }: SamplePrincipal) => ({
  clientId,
  clientSecret,
  tenantId,
  subscriptionId,
});
