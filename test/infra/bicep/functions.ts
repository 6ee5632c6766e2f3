/** The Bicep functions that infra/ calls. Ids and hashes are readable stand-ins, stable for the same input. */
import { createHash } from 'node:crypto';

export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Value[]
  | { readonly [key: string]: Value }
  | Lambda;
type Lambda = (...inputs: Value[]) => Value;

export const subscriptionId = '/subscriptions/11111111-1111-4111-8111-111111111111';
const tenantId = '22222222-2222-4222-8222-222222222222';
export const deployerId = '33333333-3333-4333-8333-333333333333';

const text = (value: Value): string => {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is no text`);
  return value;
};

const list = (value: Value): readonly Value[] => {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is no array`);
  return value;
};

const digest = (inputs: readonly Value[]): string => createHash('sha256').update(JSON.stringify(inputs)).digest('hex');

const guid = (inputs: readonly Value[]): string =>
  digest(inputs).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

const lambda = (value: Value): Lambda => {
  if (typeof value !== 'function') throw new Error('a lambda is needed');
  return value;
};

/** IPv4 only. */
const subnet = (network: string, size: number, index: number): string => {
  const [address = ''] = network.split('/');
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + index * 2 ** (32 - size);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')}/${size}`;
};

const isEmpty = (value: Value): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** What `environment()` says in each cloud, as the management API of that cloud names it. */
const clouds = {
  AzureCloud: {
    authentication: { loginEndpoint: 'https://login.microsoftonline.com/' },
    suffixes: { storage: 'core.windows.net', keyvaultDns: '.vault.azure.net' },
  },
  AzureUSGovernment: {
    authentication: { loginEndpoint: 'https://login.microsoftonline.us' },
    suffixes: { storage: 'core.usgovcloudapi.net', keyvaultDns: '.vault.usgovcloudapi.net' },
  },
  AzureChinaCloud: {
    authentication: { loginEndpoint: 'https://login.chinacloudapi.cn' },
    suffixes: { storage: 'core.chinacloudapi.cn', keyvaultDns: '.vault.azure.cn' },
  },
} as const;
let cloud: keyof typeof clouds = 'AzureCloud';

/** Result of `use` while `environment()` is that of another cloud. */
export const inCloud = <Result>(name: keyof typeof clouds, use: () => Result): Result => {
  const former = cloud;
  cloud = name;
  try {
    return use();
  } finally {
    cloud = former;
  }
};

export const functions: Readonly<Record<string, (inputs: readonly Value[], resourceGroup: string) => Value>> = {
  cidrSubnet: ([network, size, index]) => subnet(text(network), Number(size), Number(index)),
  concat: (inputs) => inputs.flatMap((each) => list(each)),
  contains: ([value, part]) => text(value).includes(text(part)),
  deployer: () => ({ objectId: deployerId, tenantId }),
  empty: ([value]) => isEmpty(value),
  environment: () => ({ name: cloud, ...clouds[cloud] }),
  endsWith: ([value, end]) => text(value).endsWith(text(end)),
  filter: ([values, keep]) => list(values).filter((item) => lambda(keep)(item) === true),
  flatten: ([values]) => list(values).flatMap(list),
  guid,
  join: ([values, separator]) => list(values).join(text(separator)),
  length: ([values]) => list(values).length,
  map: ([values, change]) => list(values).map((item) => lambda(change)(item)),
  max: (inputs) => Math.max(...inputs.map(Number)),
  range: ([start, count]) => Array.from({ length: Number(count) }, (_, index) => Number(start) + index),
  replace: ([value, from, to]) => text(value).replaceAll(text(from), text(to)),
  resourceGroup: (_, resourceGroup) => ({
    id: `${subscriptionId}/resourceGroups/${resourceGroup}`,
    name: resourceGroup,
  }),
  split: ([value, separator]) => text(value).split(text(separator)),
  string: ([value]) => (typeof value === 'string' ? value : JSON.stringify(value)),
  subscription: () => ({ id: subscriptionId }),
  subscriptionResourceId: ([type, name]) => `${subscriptionId}/providers/${text(type)}/${text(name)}`,
  take: ([value, count]) => text(value).slice(0, Number(count)),
  tenant: () => ({ tenantId }),
  toObject: ([values, key, value]) =>
    Object.fromEntries(
      list(values).map((item) => [text(lambda(key)(item)), value === undefined ? item : lambda(value)(item)]),
    ),
  trim: ([value]) => text(value).trim(),
  union: (inputs) => Object.assign({}, ...inputs),
  uniqueString: (inputs) => digest(inputs).slice(0, 13),
};
