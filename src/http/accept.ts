/** What a caller says that it can read (RFC 9110 §12.5.1). */

/** True if the header names the type itself, with any weight above none: a wildcard asks for nothing special. */
export const namesMediaType = (accept: string | undefined, type: string): boolean =>
  (accept ?? '').split(',').some((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return name === type && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
