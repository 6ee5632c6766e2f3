/** Who is signed in, and whether that account is in the tenant that the subscription belongs to. */
import { az, known, NotInstalled, required, Stop } from './shell.mjs';

const offline = /getaddrinfo|connection (error|aborted)|failed to establish|max retries|timed? ?out|name resolution/i;

const show = (...words) => {
  try {
    return az('account', 'show', ...words);
  } catch (error) {
    if (!(error instanceof Stop) || error instanceof NotInstalled) throw error;
    if (offline.test(error.message)) throw new Stop(`Azure cannot be reached; nothing was changed. ${error.message}`);
    return undefined;
  }
};

/** The account that `az` uses. Throws Stop with the command that helps when it cannot serve this deployment. */
export const signedInAccount = () => {
  const subscription = required('AZURE_SUBSCRIPTION_ID');
  const tenant = known('AZURE_TENANT_ID');
  const login = `az login${tenant === undefined ? '' : ` --tenant ${tenant}`}`;
  const target = show('--subscription', subscription);
  if (target === undefined)
    throw new Stop(
      `The Azure CLI does not see subscription ${subscription}. azd and az sign in separately. Run "${login}", ` +
        'or let azd use the account of az: "azd config set auth.useAzCliAuth true".',
    );
  const current = show();
  if (current?.tenantId !== target.tenantId)
    throw new Stop(
      `The Azure CLI is signed in to tenant ${current?.tenantId}, the subscription belongs to ${target.tenantId}. ` +
        `Run "az account set --subscription ${subscription}".`,
    );
  if (tenant !== undefined && tenant !== target.tenantId)
    throw new Stop(
      `This azd environment was deployed to tenant ${tenant}, but the subscription belongs to ${target.tenantId}. ` +
        'Start a new environment ("azd env new"), or set AZURE_SUBSCRIPTION_ID back.',
    );
  return target;
};

/** A token of the signed-in account. By subscription: Cloud Shell and managed identities refuse another tenant's name. */
export const tokenFor = (...resource) =>
  az('account', 'get-access-token', ...resource, '--subscription', required('AZURE_SUBSCRIPTION_ID')).accessToken;

/** Object id of the signed-in account, and whether it is a person, as its own token says it: no right on the directory needed. */
export const caller = () => {
  const [, claims = ''] = tokenFor().split('.');
  try {
    const { oid, idtyp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
    return { id: oid, type: { app: 'ServicePrincipal', user: 'User' }[idtyp] };
  } catch {
    return {};
  }
};
