/** What ends a call: of an `AbortSignal` what calls ask of it, and nothing that takes long to make. */
export type Signal = {
  readonly aborted: boolean;
  /** Of any shape. */
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: Listener): void;
  removeEventListener(type: 'abort', listener: Listener): void;
};

type Listener = (event: { readonly type: string }) => void;

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
export const withinMilliseconds = <T>(
  milliseconds: number,
  call: (signal: Signal) => Promise<T>,
  outer?: Signal,
): Promise<T> =>
  new Promise((resolve, reject) => {
    if (outer?.aborted === true) return reject(outer.reason);
    const limit = new Limit();
    const over = (): void => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', ended);
    };
    const end = (reason: unknown): void => {
      over();
      limit.fire(reason);
      reject(reason);
    };
    const ended = (): void => end(outer?.reason);
    const timer = setTimeout(() => end(new DOMException('the time is over', 'TimeoutError')), milliseconds);
    timer.unref();
    outer?.addEventListener('abort', ended);
    call(limit).then(
      (value) => {
        over();
        resolve(value);
      },
      (error: unknown) => {
        over();
        reject(error);
      },
    );
  });

class Limit implements Signal {
  aborted = false;
  reason: unknown;
  readonly #listeners = new Set<Listener>();

  addEventListener(_: 'abort', listener: Listener): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_: 'abort', listener: Listener): void {
    this.#listeners.delete(listener);
  }

  fire(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners) listener({ type: 'abort' });
  }
}
