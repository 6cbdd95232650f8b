import type { Cluster } from '@aws-sdk/client-eks';
import { CANARY } from '../accounts.ts';
import { idOf } from './ec2-ids.ts';
import { byBusiness, type Kind } from './kind.ts';

export const eksClusters: Kind<Cluster> = {
  name: 'eks_cluster',
  global: false,
  count: byBusiness([0, 0, 1, 2]),
  make(making) {
    const { account, region, index, random } = making;
    const name = `kubernetes-${index}`;
    const arn = `arn:aws:eks:${region}:${account.accountId}:cluster/${name}`;
    const open = random.chance(0.5);
    const item: Cluster = {
      name,
      arn,
      createdAt: random.date(),
      version: random.pick('1.33', '1.34'),
      platformVersion: 'eks.9',
      endpoint: `https://${random.hex(32).toUpperCase()}.gr7.${region}.eks.amazonaws.com`,
      roleArn: `arn:aws:iam::${account.accountId}:role/eks`,
      resourcesVpcConfig: {
        subnetIds: [idOf(making, 'subnet', 0), idOf(making, 'subnet', 1)],
        securityGroupIds: [],
        vpcId: idOf(making, 'vpc', 0),
        endpointPublicAccess: open,
        endpointPrivateAccess: !open,
        publicAccessCidrs: open ? ['0.0.0.0/0'] : [],
      },
      logging: {
        clusterLogging: [
          { enabled: true, types: ['api', 'audit'] },
          { enabled: false, types: ['scheduler'] },
        ],
      },
      identity: { oidc: { issuer: `https://oidc.eks.${region}.amazonaws.com/id/${CANARY}` } },
      status: 'ACTIVE',
      certificateAuthority: { data: Buffer.from(CANARY).toString('base64') },
      clientRequestToken: CANARY,
      accessConfig: { authenticationMode: 'API' },
      deletionProtection: random.chance(0.5),
      ...(random.chance(0.5)
        ? {
            encryptionConfig: [
              {
                resources: ['secrets'],
                provider: { keyArn: `arn:aws:kms:${region}:${account.accountId}:key/${random.hex(8)}` },
              },
            ],
          }
        : {}),
      tags: { env: random.pick('prod', 'staging') },
    };
    return { type: 'eks_cluster', arn, item };
  },
  alter: (item, turn) => ({ ...item, platformVersion: `eks.${9 + turn}` }),
};
