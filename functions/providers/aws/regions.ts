/**
 * Regions of the commercial partition.
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const DEFAULT_REGIONS = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
] as const;

/** Regions that an account must enable before it can use them. */
const OPT_IN_REGIONS = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
] as const;

const KNOWN: ReadonlySet<string> = new Set([...DEFAULT_REGIONS, ...OPT_IN_REGIONS]);
export const isRegion = (name: string): boolean => KNOWN.has(name);

/** China, GovCloud, the isolated and the European sovereign partitions: other accounts, other endpoints. */
const OTHER_PARTITION = /^(cn|us-gov|us-iso[a-z]?|eu-isoe|eusc)-[a-z]+(-[a-z]+)?-\d{1,2}$/;
export const isOtherPartition = (name: string): boolean => OTHER_PARTITION.test(name);

/** Where global services are asked, each once. */
export const GLOBAL_REGION = 'us-east-1';

/** What listing the enabled regions takes. */
export const REGIONS_PERMISSION = 'ec2:DescribeRegions';
