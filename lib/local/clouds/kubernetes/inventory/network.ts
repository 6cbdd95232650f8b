import { CANARY } from '../../sample-cloud.ts';
import type { Kind } from './kind.ts';
import { labelsOf } from './pods.ts';

const networking = { group: 'networking.k8s.io', version: 'v1', namespaced: true } as const;

export const network: readonly Kind[] = [
  {
    type: 'k8s_service',
    group: '',
    version: 'v1',
    kind: 'Service',
    plural: 'services',
    namespaced: true,
    growing: 50,
    make: (making) => {
      const type = making.random.pick('ClusterIP', 'ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName');
      const ingress = making.random.pick({ ip: '34.120.8.9' }, { ip: '10.0.0.9' }, { hostname: 'lb.example.com' });
      return {
        labels: labelsOf(making),
        rest: {
          spec: {
            type,
            ...(type === 'ExternalName'
              ? { externalName: 'db.example.com' }
              : { clusterIP: `10.96.${making.index % 250}.7` }),
            ports: [
              {
                name: 'http',
                protocol: 'TCP',
                port: 80,
                targetPort: 'http',
                ...(type === 'NodePort' ? { nodePort: 30080 } : {}),
              },
            ],
            selector: { app: making.name },
            sessionAffinity: 'None',
            ...(making.random.chance(0.05) ? { externalIPs: ['198.51.100.7'] } : {}),
          },
          status: { loadBalancer: type === 'LoadBalancer' ? { ingress: [ingress] } : {} },
        },
      };
    },
  },
  {
    ...networking,
    type: 'k8s_ingress',
    kind: 'Ingress',
    plural: 'ingresses',
    growing: 15,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        spec: {
          ingressClassName: 'nginx',
          ...(making.random.chance(0.6)
            ? { tls: [{ hosts: [`${making.name}.example.com`], secretName: CANARY }] }
            : {}),
          rules: [
            {
              host: `${making.name}.example.com`,
              http: { paths: [{ path: `/${CANARY}`, pathType: 'Prefix', backend: { service: { name: 'web' } } }] },
            },
          ],
        },
        status: { loadBalancer: making.random.chance(0.7) ? { ingress: [{ ip: '34.120.8.10' }] } : {} },
      },
    }),
  },
  {
    ...networking,
    type: 'k8s_network_policy',
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    growing: 10,
    make: (making) => ({
      labels: labelsOf(making),
      rest: {
        spec: {
          podSelector: making.random.chance(0.4) ? {} : { matchLabels: { app: making.name } },
          policyTypes: ['Ingress'],
          ...(making.random.chance(0.5)
            ? { ingress: [making.random.chance(0.3) ? {} : { from: [{ podSelector: {} }] }] }
            : {}),
        },
      },
    }),
  },
];
