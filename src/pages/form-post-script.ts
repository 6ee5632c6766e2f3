/** The one script of all pages: it sends the form that brings an answer to a service (`form-post.ts`). */
import { sha256 } from '../oauth/crypto.ts';
import { html, render } from './html.ts';

export const formPostScript = html`document.forms[0].submit()`;

/** Source expression that allows this one script (CSP 3 §2.3.1): put it in quotes, after `script-src`. */
export const formPostHash = (): string => `sha256-${sha256(render(formPostScript)).toString('base64')}`;
