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

/**
 * The same with a limit of its own, and `outer`, if given, ends the call as well. When the call is over nothing is left of
 * it; what `AbortSignal.timeout` makes fires all the same, seconds after each request.
 */
export const withinMilliseconds = async <T>(
  milliseconds: number,
  call: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> => {
  outer?.throwIfAborted();
  const limit = new AbortController();
  const end = (): void => limit.abort(outer?.reason);
  const timer = setTimeout(() => limit.abort(new DOMException('the time is over', 'TimeoutError')), milliseconds);
  timer.unref();
  outer?.addEventListener('abort', end);
  try {
    return await within(limit.signal, call);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', end);
  }
};
