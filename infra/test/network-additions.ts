import * as gcp from '@pulumi/gcp';

const OWN = 'mpcomm-peer@my-laboratory.iam.gserviceaccount.com';

/** A firewall's rule as the rules want one. */
export const firewall = {
  network: 'mpcomm',
  direction: 'INGRESS',
  allows: [{ protocol: 'udp', ports: ['4710'] }],
  sourceServiceAccounts: [OWN],
  targetServiceAccounts: [OWN],
};

/** What somebody might add to the network in passing, in the form of additions.ts. */
export const NETWORK_ADDITIONS: readonly (readonly [string, (name: string) => unknown, RegExp])[] =
  [
    [
      'a port for the internet',
      (name) =>
        new gcp.compute.Firewall(name, {
          ...firewall,
          sourceServiceAccounts: undefined,
          sourceRanges: ['0.0.0.0/0'],
        }),
      /^compute\.Firewall NAME: lets strangers in$/,
    ],
    [
      'SSH from anywhere',
      (name) =>
        new gcp.compute.Firewall(name, {
          ...firewall,
          allows: [{ protocol: 'tcp', ports: ['22'] }],
          sourceServiceAccounts: undefined,
          sourceRanges: ['35.235.240.0/20', '10.0.0.0/8'],
        }),
      /^compute\.Firewall NAME: lets strangers in$/,
    ],
    [
      'another port than that of SSH through Identity-Aware Proxy',
      (name) =>
        new gcp.compute.Firewall(name, {
          ...firewall,
          allows: [{ protocol: 'tcp', ports: ['9229'] }],
          sourceServiceAccounts: undefined,
          sourceRanges: ['35.235.240.0/20'],
        }),
      /^compute\.Firewall NAME: lets strangers in$/,
    ],
    [
      'all ports between peers',
      (name) => new gcp.compute.Firewall(name, { ...firewall, allows: [{ protocol: 'udp' }] }),
      /^compute\.Firewall NAME: opens more than one port$/,
    ],
    [
      'a range of ports',
      (name) =>
        new gcp.compute.Firewall(name, {
          ...firewall,
          allows: [{ protocol: 'udp', ports: ['4710-4720'] }],
        }),
      /^compute\.Firewall NAME: opens a range of ports$/,
    ],
    [
      'a rule for every machine',
      (name) => new gcp.compute.Firewall(name, { ...firewall, targetServiceAccounts: undefined }),
      /^compute\.Firewall NAME: is not for machines of ours alone$/,
    ],
    [
      'a network with subnetworks everywhere',
      (name) => new gcp.compute.Network(name, {}),
      /^compute\.Network NAME: has subnetworks in every region$/,
    ],
    [
      'a way to the internet',
      (name) =>
        new gcp.compute.RouterNat(name, {
          router: 'r',
          region: 'us-west1',
          natIpAllocateOption: 'AUTO_ONLY',
          sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
        }),
      /^compute\.RouterNat NAME: is of a kind that no rule knows$/,
    ],
  ];
