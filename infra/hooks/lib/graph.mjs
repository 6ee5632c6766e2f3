/** Microsoft Graph, through `az`. */
import { az, withJsonFile } from './shell.mjs';

/** For what `az ad` cannot say: tags, and a list that becomes empty. */
export const sendToGraph = (method, path, body) => {
  const graph = az('cloud', 'show', '--query', 'endpoints.microsoftGraphResourceId').replace(/\/$/, '');
  const words = ['--method', method, '--url', `${graph}/v1.0${path}`, '--headers', 'Content-Type=application/json'];
  return withJsonFile(body, (file) => az('rest', ...words, '--body', file));
};
