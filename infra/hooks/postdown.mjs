/** After the resources are gone: remove what lives outside their group, and say what stays on purpose. */
import { signedInAccount } from './lib/account.mjs';
import { az, hook, known, NotAllowed, remember, required, Stop, say } from './lib/shell.mjs';

await hook('postdown', () => {
  signedInAccount();
  removeKeyRole(known('KEY_ROLE_TO_REMOVE'));
  remember('ASSENT_ROLES_SETTLED_FOR', '');
  const clientId = known('ENTRA_CLIENT_ID');
  if (clientId !== undefined)
    say(
      `The Entra application ${clientId} stays, and the next "azd up" uses it again. To remove it as well:`,
      `  az ad app delete --id ${clientId}`,
      "  azd env set ENTRA_CLIENT_ID ''",
    );
  say('The vault is kept deleted for 90 days; the next "azd up" of this environment recovers it with its keys.');
});

function removeKeyRole(name) {
  if (name === undefined) return;
  const scope = ['--scope', `/subscriptions/${required('AZURE_SUBSCRIPTION_ID')}`];
  try {
    const [role] = az('role', 'definition', 'list', '--name', name, '--custom-role-only', 'true', ...scope) ?? [];
    if (role === undefined) return;
    // A definition cannot go while an assignment names it, and assignments can outlive what they were on.
    const left = az('role', 'assignment', 'list', '--all', '--role', role.name) ?? [];
    if (left.length > 0) az('role', 'assignment', 'delete', '--ids', ...left.map((each) => each.id));
    az('role', 'definition', 'delete', '--name', role.name, '--custom-role-only', 'true', ...scope);
    say(`Removed the role "${name}".`);
  } catch (error) {
    if (!(error instanceof NotAllowed || error instanceof Stop)) throw error;
    say(
      `The role "${name}" could not be removed: ${error.message}`,
      'It blocks nothing: the next "azd up" uses it again.',
    );
  }
}
