/** Where a service hears of sign-outs (OpenID Connect Back-Channel Logout §2.5): remembers what it was sent and answers as told. */
import { type Listening, listen, readText } from '../../local/listen.ts';

type Delivery = {
  readonly method: string | undefined;
  readonly type: string | undefined;
  readonly body: URLSearchParams;
};

export type Told = {
  /** To be registered as `backchannel_logout_uri`. */
  readonly uri: string;
  readonly deliveries: readonly Delivery[];
  /** The status that it answers from now on; `hang` never answers. */
  answer: number | 'hang';
  /** Deliveries that still wait for an answer. */
  readonly waiting: number;
  stop(): Promise<void>;
};

export const startTold = async (): Promise<Told> => {
  const deliveries: Delivery[] = [];
  let waiting = 0;
  const site: Listening = await listen(0, async (request, response) => {
    const body = new URLSearchParams(await readText(request));
    deliveries.push({ method: request.method, type: request.headers['content-type'], body });
    if (told.answer === 'hang') {
      waiting += 1;
      response.on('close', () => {
        waiting -= 1;
      });
      return;
    }
    response.writeHead(told.answer, { location: `${site.url}/elsewhere` }).end();
  });
  const told: Told = {
    uri: `${site.url}/signed-out?x=1`,
    deliveries,
    answer: 200,
    get waiting() {
      return waiting;
    },
    stop: site.stop,
  };
  return told;
};
