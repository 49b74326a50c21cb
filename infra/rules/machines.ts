import { at, listAt, type Rule, unless } from './resource.ts';

/** An account of ours: not the default one of Compute Engine or App Engine, nor another project's. */
const OWN_ACCOUNT = /^mpcomm-[a-z]+@[a-z0-9-]+\.iam\.gserviceaccount\.com$/;

/** Boot, first probe and a slow download: below, a healthy machine would be taken for a broken one. */
const INITIAL_DELAY_SECONDS_MIN = 600;

/** What of Google's may come to which port: health checks to the daemon's, and IAP to SSH. */
const FROM_GOOGLE = [
  { ranges: '130.211.0.0/22,35.191.0.0/16', port: '8080' },
  { ranges: '35.235.240.0/20', port: '22' },
];

export function isOwnAccount(email: unknown): boolean {
  return typeof email === 'string' && OWN_ACCOUNT.test(email);
}

/** A machine, or the template of machines. */
const machine: Rule = ({ inputs }) => {
  const interfaces = listAt(inputs, 'networkInterfaces');
  const outside = interfaces.filter(
    (each) =>
      at(each, 'accessConfigs') !== undefined ||
      at(each, 'ipv6AccessConfigs') !== undefined ||
      at(each, 'stackType') !== 'IPV4_ONLY',
  );
  const shielded = at(inputs, 'shieldedInstanceConfig');
  const isShielded = ['enableSecureBoot', 'enableVtpm', 'enableIntegrityMonitoring'].every(
    (name) => at(shielded, name) === true,
  );
  const metadata = (name: string) => String(at(inputs, 'metadata', name)).toUpperCase();
  return [
    ...unless(outside.length === 0, 'has an address outside'),
    ...unless(
      interfaces.length > 0 && interfaces.every((each) => at(each, 'subnetwork') !== undefined),
      'is not in a subnetwork of ours',
    ),
    ...unless(isShielded, 'is no Shielded VM'),
    ...unless(metadata('enable-oslogin') === 'TRUE', 'is without OS Login'),
    ...unless(metadata('block-project-ssh-keys') === 'TRUE', 'takes the SSH keys of the project'),
    ...unless(metadata('serial-port-enable') === 'FALSE', 'has an interactive serial port'),
    ...unless(at(inputs, 'canIpForward') !== true, 'forwards the datagrams of others'),
    ...unless(isOwnAccount(at(inputs, 'serviceAccount', 'email')), 'has no account of ours'),
  ];
};

const group: Rule = ({ inputs }) => {
  const healing = at(inputs, 'autoHealingPolicies');
  const delay = Number(at(healing, 'initialDelaySec'));
  return [
    ...unless(at(inputs, 'targetSize') === 1, 'is not of one machine'),
    ...unless(at(healing, 'healthCheck') !== undefined, 'heals nothing'),
    ...unless(delay >= INITIAL_DELAY_SECONDS_MIN, 'heals before a machine had time to start'),
    ...unless(
      at(inputs, 'updatePolicy', 'maxSurgeFixed') === 0,
      'starts a second machine beside the first',
    ),
  ];
};

const network: Rule = ({ inputs }) =>
  unless(at(inputs, 'autoCreateSubnetworks') === false, 'has subnetworks in every region');

const subnetwork: Rule = ({ inputs }) => [
  ...unless(at(inputs, 'privateIpGoogleAccess') === true, 'is without Private Google Access'),
  ...unless(at(inputs, 'stackType') === 'IPV4_ONLY', 'has addresses outside'),
];

/** Which protocol may come from where. */
const firewall: Rule = ({ inputs }) => {
  const allows = listAt(inputs, 'allows');
  const ports = allows.flatMap((allow) => listAt(allow, 'ports'));
  const protocol = String(at(allows, 0, 'protocol'));
  const ranges = listAt(inputs, 'sourceRanges').map(String).sort();
  const accounts = listAt(inputs, 'sourceServiceAccounts');
  const isFromPeers = protocol === 'udp' && ranges.length === 0 && accounts.every(isOwnAccount);
  const isFromGoogle =
    protocol === 'tcp' &&
    FROM_GOOGLE.some((known) => known.ranges === ranges.join() && known.port === String(ports[0]));
  const targets = listAt(inputs, 'targetServiceAccounts');
  return [
    ...unless(at(inputs, 'direction') === 'INGRESS', 'is not about what comes in'),
    ...unless(allows.length === 1 && ports.length === 1, 'opens more than one port'),
    ...unless(/^[0-9]+$/.test(String(ports[0])), 'opens a range of ports'),
    ...unless((isFromPeers && accounts.length > 0) || isFromGoogle, 'lets strangers in'),
    ...unless(
      targets.length > 0 && targets.every(isOwnAccount),
      'is not for machines of ours alone',
    ),
    ...unless(at(inputs, 'sourceTags') === undefined, 'goes by tags, which anybody can put on'),
  ];
};

/** Kinds of machines and what connects them. */
export const MACHINE_RULES: Readonly<Record<string, Rule>> = {
  'compute.InstanceTemplate': machine,
  'compute.Instance': machine,
  'compute.InstanceGroupManager': group,
  'compute.Network': network,
  'compute.Subnetwork': subnetwork,
  'compute.Firewall': firewall,
  'compute.HealthCheck': () => [],
};
