import type { LoadBalancerDescription } from '@aws-sdk/client-elastic-load-balancing';
import type { LoadBalancer, TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CANARY } from '../accounts.ts';
import { idOf } from './ec2-ids.ts';
import { byBusiness, type Kind, type Making, randomFor } from './kind.ts';

const arn = ({ account, region }: Making, what: string): string =>
  `arn:aws:elasticloadbalancing:${region}:${account.accountId}:${what}`;

/** The ARN's last part follows from the place alone, so that a target group can name its load balancer. */
const balancer = (
  making: Making,
  index: number,
): { name: string; type: 'application' | 'network' | 'gateway'; arn: string } => {
  const type = index % 6 === 5 ? 'gateway' : index % 3 === 1 ? 'network' : 'application';
  const name = `balancer-${index}`;
  const short = { application: 'app', network: 'net', gateway: 'gwy' }[type];
  const end = randomFor(making.account, 'balancer', making.region, index).hex(16);
  return { name, type, arn: arn(making, `loadbalancer/${short}/${name}/${end}`) };
};

export const loadBalancers: Kind<LoadBalancer> = {
  name: 'elbv2_load_balancer',
  global: false,
  count: byBusiness([0, 0, 2, 6]),
  make(making) {
    const { index, random, region } = making;
    const { name, type, arn: ofThis } = balancer(making, index);
    const item: LoadBalancer = {
      LoadBalancerArn: ofThis,
      LoadBalancerName: name,
      Type: type,
      // A gateway load balancer has neither.
      ...(type === 'gateway'
        ? {}
        : {
            Scheme: random.pick('internet-facing', 'internal'),
            DNSName: `${name}-${random.hex(10)}.elb.${region}.amazonaws.com`,
          }),
      CreatedTime: random.date(),
      VpcId: idOf(making, 'vpc', 0),
      State: { Code: index % 7 === 6 ? 'provisioning' : 'active' },
      AvailabilityZones: [0, 1].map((n) => ({
        ZoneName: `${region}${'ab'.charAt(n)}`,
        SubnetId: idOf(making, 'subnet', n),
      })),
      ...(type === 'application' ? { SecurityGroups: [idOf(making, 'sg', 0)] } : {}),
      IpAddressType: random.pick('ipv4', 'dualstack'),
    };
    return { type: 'elbv2_load_balancer', arn: ofThis, item };
  },
  alter: (item, turn) => ({ ...item, SecurityGroups: [...(item.SecurityGroups ?? []), `sg-${turn}`] }),
};

export const targetGroups: Kind<TargetGroup> = {
  name: 'elbv2_target_group',
  global: false,
  count: byBusiness([0, 0, 3, 9]),
  make(making) {
    const { index, random } = making;
    const name = `targets-${index}`;
    const ofThis = arn(making, `targetgroup/${name}/${random.hex(16)}`);
    const targets = random.pick('instance', 'ip', 'lambda');
    const item: TargetGroup = {
      TargetGroupArn: ofThis,
      TargetGroupName: name,
      TargetType: targets,
      ...(targets === 'lambda'
        ? { HealthCheckEnabled: false }
        : {
            Protocol: random.pick('HTTP', 'HTTPS'),
            ProtocolVersion: 'HTTP1',
            Port: random.pick(80, 8080, 8443),
            VpcId: idOf(making, 'vpc', 0),
            HealthCheckEnabled: true,
            HealthCheckProtocol: 'HTTP',
            HealthCheckPort: 'traffic-port',
            // A path may carry a token.
            HealthCheckPath: `/health?token=${CANARY}`,
            Matcher: { HttpCode: '200' },
          }),
      LoadBalancerArns: index % 4 === 3 ? [] : [balancer(making, Math.floor(index / 2)).arn],
      IpAddressType: 'ipv4',
    };
    return { type: 'elbv2_target_group', arn: ofThis, item };
  },
  alter: (item, turn) => ({ ...item, Port: 9000 + turn }),
};

export const classicLoadBalancers: Kind<LoadBalancerDescription> = {
  name: 'elb_classic',
  global: false,
  count: byBusiness([0, 0, 0, 2]),
  make(making) {
    const { index, random, region } = making;
    const name = `classic-${index}`;
    const listener = (Protocol: string, LoadBalancerPort: number) => ({
      Listener: {
        Protocol,
        LoadBalancerPort,
        InstanceProtocol: 'HTTP',
        InstancePort: 8080,
        ...(Protocol === 'HTTPS'
          ? { SSLCertificateId: `arn:aws:acm:${region}:${making.account.accountId}:certificate/${random.hex(8)}` }
          : {}),
      },
      PolicyNames: [],
    });
    const item: LoadBalancerDescription = {
      LoadBalancerName: name,
      DNSName: `${name}-${random.hex(10)}.${region}.elb.amazonaws.com`,
      Scheme: random.pick('internet-facing', 'internal'),
      VPCId: idOf(making, 'vpc', 0),
      AvailabilityZones: [`${region}a`, `${region}b`],
      Subnets: [idOf(making, 'subnet', 0), idOf(making, 'subnet', 1)],
      SecurityGroups: [idOf(making, 'sg', 0)],
      Instances: [{ InstanceId: idOf(making, 'i', index) }],
      ListenerDescriptions: [listener('HTTPS', 443), ...(index % 2 === 0 ? [] : [listener('HTTP', 80)])],
      HealthCheck: {
        Target: `HTTP:8080/health?token=${CANARY}`,
        Interval: 30,
        Timeout: 5,
        UnhealthyThreshold: 2,
        HealthyThreshold: 10,
      },
      CreatedTime: random.date(),
    };
    return { type: 'elb_classic', arn: arn(making, `loadbalancer/${name}`), item };
  },
  alter: (item, turn) => ({ ...item, SecurityGroups: [...(item.SecurityGroups ?? []), `sg-${turn}`] }),
};
