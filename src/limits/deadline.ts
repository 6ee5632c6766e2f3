/**
 * Runs `call` and rejects with the signal's reason when it fires, even if the call (or the credential under it) does
 * not heed the signal.
 */
export const within = async <T>(signal: AbortSignal, call: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  signal.throwIfAborted();
  const ended = Promise.withResolvers<never>();
  const end = (): void => ended.reject(signal.reason);
  signal.addEventListener('abort', end);
  try {
    return await Promise.race([call(signal), ended.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
};
