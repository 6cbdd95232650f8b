/** An account of the sample cloud, with the one key pair that it knows. */
export interface SampleAccount {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What sts:GetCallerIdentity answers for the key. */
  readonly userArn: string;
  /** Shares one inventory with every key of the same account. */
  readonly seed: number;
  /** Its inventory's size next to the main account's. */
  readonly scale: number;
}

/** Connected by `npm start`. */
export const MAIN_ACCOUNT: SampleAccount = {
  accountId: '111122223333',
  accessKeyId: 'AKIASAMPLEMAIN000001',
  secretAccessKey: 'sampleMainAccountKey/notARealSecret+0001',
  userArn: 'arn:aws:iam::111122223333:user/infraaudit',
  seed: 1,
  scale: 1,
};

/** The key pair of AWS's own documentation and of the contract's example; not connected by itself. */
export const EXAMPLE_ACCOUNT: SampleAccount = {
  accountId: '123456789012',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  userArn: 'arn:aws:iam::123456789012:user/infraaudit',
  seed: 2,
  scale: 0.3,
};

/** The main account's root user, whose keys nobody should hand out. */
export const ROOT_ACCOUNT: SampleAccount = {
  ...MAIN_ACCOUNT,
  accessKeyId: 'AKIASAMPLEROOT000001',
  secretAccessKey: 'sampleRootAccountKey/notARealSecret+0001',
  userArn: 'arn:aws:iam::111122223333:root',
};

export { CANARY } from '../sample-cloud.ts';

/** Regions that every sample account has, unless the knobs say others. */
export const ENABLED_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ap-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-north-1',
  'sa-east-1',
] as const;

/** Regions that exist and that no sample account has enabled: every key is refused there. */
export const DISABLED_REGIONS = ['af-south-1', 'ap-east-1', 'eu-south-1', 'me-south-1'] as const;
