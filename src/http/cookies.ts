/** Cookies: the one place for their names and flags. */

/** A cookie to set. Values are base64url, so nothing on the way needs to encode them. */
export type SetCookie = { readonly name: string; readonly value: string; readonly maxAgeSeconds: number };

/**
 * `__Host-` keeps other hosts of the domain from planting one. Some browsers drop Secure cookies on http://localhost, so there
 * the name alone keeps them apart from those of whatever else runs on this machine: ports do not (RFC 6265 §8.5).
 */
export const cookieName = (base: string, insecureLoopback: boolean): string =>
  insecureLoopback ? `assent-${base}` : `__Host-${base}`;

export const expired = (name: string): SetCookie => ({ name, value: '', maxAgeSeconds: 0 });

/** Lax: the browser comes back from the upstream provider with a cross-site GET. */
export const cookieFlags = (insecureLoopback: boolean) =>
  ({ path: '/', httpOnly: true, secure: !insecureLoopback, sameSite: 'Lax' }) as const;
