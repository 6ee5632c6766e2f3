/**
 * The one command of the Azure CLI that `npx assent` needs, for the local world: with `local/bin` first in PATH, whoever
 * LOCAL_PERSON names is signed in to it (olga unless told otherwise), at the provider of PORT.
 */
const words = process.argv.slice(2).join(' ');
const { LOCAL_PERSON: login = 'olga', PORT: port = '7071' } = process.env;

const answer = async () => {
  if (!words.startsWith('account get-access-token --scope api://'))
    throw new Error('the local world has no such command');
  const query = new URLSearchParams({ login });
  const response = await fetch(`http://localhost:${Number(port) + 3}/person-token?${query}`);
  if (!response.ok) throw new Error(`az login: there is no ${login}`);
  return response.text();
};

try {
  console.log(await answer());
} catch (error) {
  console.error(`ERROR: ${error.message}`);
  process.exitCode = 1;
}
